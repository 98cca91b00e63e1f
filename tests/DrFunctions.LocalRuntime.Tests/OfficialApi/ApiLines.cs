using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace DrFunctions.LocalRuntime.OfficialApi;

/// <summary>
/// The public and protected API of an assembly as lines: the documentation-comment id, a tab, and the shape (the kind and bases of
/// a type, the result and parameters of a method, the accessors of a property, the value of a constant).
/// </summary>
internal static class ApiLines
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(IEnumerable<Type> types) => types.SelectMany(Of);

    private static IEnumerable<string> Of(Type type)
    {
        yield return $"T:{Id(type)}\t{Shape(type)}";
        if (type.IsEnum)
        {
            foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static))
            {
                yield return $"F:{Id(type)}.{field.Name}\tconst {Id(type)} = {field.GetRawConstantValue()}";
            }

            yield break;
        }

        foreach (var constructor in type.GetConstructors(All).Where(IsVisible).Where(constructor => !constructor.IsStatic))
        {
            yield return $"M:{Id(type)}.#ctor{Parameters(constructor)}\t{(constructor.IsPublic ? "" : "protected ")}{Shape(constructor)}";
        }

        // Accessors stand with their properties; a record's clone method has no name in C#.
        foreach (var method in type.GetMethods(All).Where(IsVisible).Where(method =>
            method.Name[0] != '<' && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))))
        {
            var arity = method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "";
            var conversion = method.Name is "op_Implicit" or "op_Explicit" ? "~" + Name(method.ReturnType) : "";
            yield return $"M:{Id(type)}.{method.Name}{arity}{Parameters(method)}{conversion}\t{Modifiers(method)}{Name(method.ReturnType)} {Shape(method)}";
        }

        foreach (var property in type.GetProperties(All))
        {
            var accessors = new[] { property.GetMethod, property.SetMethod }.OfType<MethodInfo>().Where(IsVisible).ToList();
            if (accessors.Count > 0)
            {
                yield return $"P:{Id(type)}.{property.Name}{Index(property)}\t{Modifiers(accessors[0])}{Name(property.PropertyType)} {{ {string.Concat(accessors.Select(accessor => Accessor(property, accessor)))}}}";
            }
        }

        foreach (var field in type.GetFields(All).Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly))
        {
            yield return $"F:{Id(type)}.{field.Name}\t{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{Name(field.FieldType)}";
        }
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Shape(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            _ when type.IsSubclassOf(typeof(Delegate)) => "sealed delegate",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        if (kind is "enum" or "sealed delegate")
        {
            return kind;
        }

        var bases = new List<string>();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            bases.Add(Name(parent));
        }

        bases.AddRange(type.GetInterfaces()
            .Except(type.BaseType?.GetInterfaces() ?? [])
            .Select(Name)
            .Order(StringComparer.Ordinal));
        return bases.Count == 0 ? kind : $"{kind} : {string.Join(", ", bases)}";
    }

    private static string Modifiers(MethodInfo method)
    {
        var access = method.IsPublic || method.DeclaringType is { IsInterface: true } ? "" : "protected ";
        if (method.DeclaringType is { IsInterface: true })
        {
            return access;
        }

        return access + method switch
        {
            { IsStatic: true } => "static ",
            { IsAbstract: true } => "abstract ",
            { IsVirtual: true, IsFinal: false } when method.GetBaseDefinition() != method => "override ",
            { IsVirtual: true, IsFinal: false } => "virtual ",
            _ => "",
        };
    }

    private static string Accessor(PropertyInfo property, MethodInfo accessor)
    {
        if (accessor == property.GetMethod)
        {
            return "get; ";
        }

        return accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; " : "set; ";
    }

    private static string Index(PropertyInfo property) => List(property.GetIndexParameters());

    private static string Parameters(MethodBase method) => List(method.GetParameters());

    private static string List(ParameterInfo[] parameters) =>
        parameters.Length == 0 ? "" : $"({string.Join(',', parameters.Select(parameter => Name(parameter.ParameterType)))})";

    private static string Shape(MethodBase method) =>
        $"({string.Join(", ", method.GetParameters().Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}{Default(parameter)}"))})";

    private static string Default(ParameterInfo parameter)
    {
        if (!parameter.HasDefaultValue)
        {
            return "";
        }

        return " = " + parameter.DefaultValue switch
        {
            null when parameter.ParameterType.IsValueType => "default",
            null => "null",
            bool value => value ? "True" : "False",
            string value => $"\"{value}\"",
            var value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    private static string Id(Type type) => (type.FullName ?? type.Name).Replace('+', '.');

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return Name(type.GetElementType() ?? typeof(void)) + "@";
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType() ?? typeof(void)) + "[]";
        }

        if (type.IsGenericParameter)
        {
            return (type.DeclaringMethod is null ? "`" : "``") + type.GenericParameterPosition;
        }

        if (!type.IsGenericType)
        {
            return Id(type);
        }

        var definition = Id(type.GetGenericTypeDefinition());
        var name = new StringBuilder(definition[..definition.IndexOf('`', StringComparison.Ordinal)]);
        return name.Append('{').AppendJoin(',', type.GetGenericArguments().Select(Name)).Append('}').ToString();
    }
}
