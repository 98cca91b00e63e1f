using DrFunctions.LocalRuntime.Invocation;
using Microsoft.Azure.Functions.Worker.Converters;

namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>Binds a parameter to the JSON body of the request.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public class FromBodyAttribute() : InputConverterAttribute(typeof(RequestBody));
