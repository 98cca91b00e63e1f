using System.Reflection;

namespace DrFunctions.LocalRuntime.Tests.Durable;

/// <summary>Counts the objects that can be reached from some, over fields, array elements and delegates; statics are not followed.</summary>
internal static class ObjectGraph
{
    public static int Count(IEnumerable<object> roots, params object[] notFollowed)
    {
        var seen = new HashSet<object>(notFollowed, ReferenceEqualityComparer.Instance);
        var waiting = new Stack<object>(roots);
        var count = 0;
        while (waiting.TryPop(out var one))
        {
            if (!seen.Add(one) || one is string or MemberInfo or Assembly or Module or Thread)
            {
                continue;
            }

            count++;
            foreach (var next in References(one))
            {
                waiting.Push(next);
            }
        }

        return count;
    }

    private static IEnumerable<object> References(object one)
    {
        if (one is Array array)
        {
            return array.GetType().GetElementType() is { IsPrimitive: true } ? [] : array.Cast<object?>().SelectMany(Unpack);
        }

        return Fields(one.GetType()).Select(field => field.GetValue(one)).SelectMany(Unpack);
    }

    // A struct is not an object of its own: what it holds counts.
    private static IEnumerable<object> Unpack(object? value) => value switch
    {
        null or Pointer => [],
        ValueType when value.GetType() is { IsPrimitive: true } or { IsEnum: true } => [],
        ValueType => References(value),
        _ => [value],
    };

    private static IEnumerable<FieldInfo> Fields(Type type)
    {
        for (var at = type; at is not null; at = at.BaseType)
        {
            foreach (var field in at.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (!field.FieldType.IsPointer && !field.FieldType.IsByRefLike && !field.FieldType.IsPrimitive)
                {
                    yield return field;
                }
            }
        }
    }
}
