namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>Marks what a function binds to.</summary>
public abstract class BindingAttribute : Attribute;

/// <summary>Marks an input of a function.</summary>
public abstract class InputBindingAttribute : BindingAttribute;

/// <summary>Marks an output of a function.</summary>
public abstract class OutputBindingAttribute : BindingAttribute;

/// <summary>Marks the parameter that starts a function.</summary>
public abstract class TriggerBindingAttribute : BindingAttribute;
