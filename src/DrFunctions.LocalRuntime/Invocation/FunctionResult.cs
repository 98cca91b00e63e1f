using System.Reflection;

namespace DrFunctions.LocalRuntime.Invocation;

/// <summary>What a method returns, awaited.</summary>
internal static class FunctionResult
{
    private static readonly MethodInfo OfTask = Method(nameof(OfTaskAsync));
    private static readonly MethodInfo OfValueTask = Method(nameof(OfValueTaskAsync));

    /// <summary>The type of a method's result; null for none.</summary>
    public static Type? TypeOf(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(void) || type == typeof(Task) || type == typeof(ValueTask))
        {
            return null;
        }

        return IsGeneric(type, typeof(Task<>)) || IsGeneric(type, typeof(ValueTask<>)) ? type.GetGenericArguments()[0] : type;
    }

    /// <summary>What awaits the value that a method gives back. It never leaves the caller's synchronization context.</summary>
    public static Func<object?, Task<object?>> Awaiter(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(Task))
        {
            return async returned =>
            {
                await NotNull<Task>(returned);
                return null;
            };
        }

        if (type == typeof(ValueTask))
        {
            return async returned =>
            {
                await NotNull<ValueTask>(returned);
                return null;
            };
        }

        var unwrap = IsGeneric(type, typeof(Task<>)) ? OfTask : IsGeneric(type, typeof(ValueTask<>)) ? OfValueTask : null;
        return unwrap is null
            ? Task.FromResult
            : unwrap.MakeGenericMethod(type.GetGenericArguments()[0]).CreateDelegate<Func<object?, Task<object?>>>();
    }

    private static async Task<object?> OfTaskAsync<T>(object? returned) => await NotNull<Task<T>>(returned);

    private static async Task<object?> OfValueTaskAsync<T>(object? returned) => await NotNull<ValueTask<T>>(returned);

    private static T NotNull<T>(object? returned) =>
        returned is T value ? value : throw new InvalidOperationException("The function returned null, expected a task.");

    private static bool IsGeneric(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    private static MethodInfo Method(string name) =>
        typeof(FunctionResult).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)
        ?? throw new MissingMethodException(nameof(FunctionResult), name);
}
