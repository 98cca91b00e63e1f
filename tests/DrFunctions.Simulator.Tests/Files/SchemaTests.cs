using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.Files;
using DrFunctions.Simulator.TrafficManager;

namespace DrFunctions.Simulator.Tests.Files;

/// <summary>The published schemas and the types that files become are the same, member by member.</summary>
public class SchemaTests
{
    private static readonly NullabilityInfoContext Nullability = new();

    [Fact]
    public void Scenario_AndItsSchema_Agree() => Assert.Empty(new Comparison(FileSchema.Scenario, InputJson.Scenario).Of(typeof(Scenario)));

    [Fact]
    public void FaultScript_AndItsSchema_Agree() => Assert.Empty(new Comparison(FileSchema.Faults, InputJson.Faults).Of(typeof(FaultScript)));

    [Theory]
    [InlineData("scenario.schema.json")]
    [InlineData("faults.schema.json")]
    public void Schema_SaysItsDraftAndDescribesEverything(string name)
    {
        var schema = JsonNode.Parse((name[0] == 's' ? FileSchema.Scenario : FileSchema.Faults).Text)!.AsObject();

        Assert.Equal("https://json-schema.org/draft/2020-12/schema", (string?)schema["$schema"]);
        var maps = schema["$defs"]!.AsObject().Select(def => def.Value!).Append(schema).Where(map => map["properties"] is not null);
        Assert.All(maps, map => Assert.All(
            map["properties"]!.AsObject(), property => Assert.False(string.IsNullOrWhiteSpace((string?)property.Value!["description"]), property.Key)));
    }

    [Fact]
    public void Choices_OfTrafficManager_AreThoseOfTheService()
    {
        Assert.Equal(Enum.GetNames<RoutingMethod>().Order(), Choices("profile", "routingMethod").Order());
        Assert.Equal(Enum.GetNames<MonitorProtocol>().Order(), Choices("monitor", "protocol").Order());
    }

    [Fact]
    public void Kinds_OfEachTarget_AreThoseOfTheRules()
    {
        var conditions = JsonNode.Parse(FileSchema.Faults.Text)!["$defs"]!["fault"]!["allOf"]!.AsArray();

        Assert.Equal(
            Enum.GetValues<FaultTarget>().Select(target => (FaultRules.Word(target), string.Join(',', FaultRules.KindsOf(target).Select(FaultRules.Word)))),
            conditions.Select(each => (
                (string)each!["if"]!["properties"]!["on"]!["const"]!,
                string.Join(',', each["then"]!["properties"]!["kind"]!["enum"]!.AsArray().Select(kind => (string)kind!)))));
    }

    [Fact]
    public void Whole_HasEveryMemberOfTheSchema()
    {
        var whole = JsonNode.Parse(Whole.Text)!;
        Scenario.Parse(Whole.Text);

        var paths = Whole.Values(whole).Select(value => value.Pattern).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(Whole.Members(FileSchema.Scenario).Select(member => member.Pattern).Except(paths));
    }

    /// <summary>Each range of the schema is the range that the rules know: its ends are taken, what lies beyond is not.</summary>
    [Fact]
    public void Ranges_OfTheScenario_AreThoseOfTheRules()
    {
        var ranges = Whole.Members(FileSchema.Scenario).Where(member => member.Schema["minimum"] is not null || member.Schema["maximum"] is not null).ToList();
        Assert.NotEmpty(ranges);
        var wrong = new List<string>();
        foreach (var (pattern, schema) in ranges)
        {
            Try(pattern, schema["minimum"], 0, true);
            Try(pattern, schema["minimum"], -1, false);
            Try(pattern, schema["exclusiveMinimum"], 0, false);
            Try(pattern, schema["maximum"], 0, true);
            Try(pattern, schema["maximum"], 1, false);
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));

        void Try(string pattern, JsonNode? bound, int beyond, bool valid)
        {
            if (bound is null || (beyond != 0 && bound.GetValue<double>() is >= int.MaxValue or <= int.MinValue))
            {
                return; // nothing lies beyond the type's own range
            }

            var whole = JsonNode.Parse(Whole.Text)!;
            Whole.Values(whole).First(value => value.Pattern == pattern).Node.ReplaceWith(JsonValue.Create((long)bound.GetValue<double>() + beyond));
            var errors = ScenarioValidator.Check(whole.Deserialize<Scenario>(InputJson.Scenario)!);
            if (errors.Count == 0 != valid)
            {
                wrong.Add($"{pattern} {bound} {(beyond == 0 ? "itself" : "beyond")}: {(errors.Count == 0 ? "taken" : errors[0])}");
            }
        }
    }

    [Fact]
    public void Ranges_OfFaults_AreThoseOfTheRules()
    {
        var members = JsonNode.Parse(FileSchema.Faults.Text)!["$defs"]!["fault"]!["properties"]!;
        var body = new Fault { On = FaultTarget.Site, Kind = FaultKind.Body, Body = "" };

        Ends("status", status => body with { Status = status });
        Ends("skip", skip => body with { Skip = skip });
        Ends("count", count => body with { Count = count });

        void Ends(string name, Func<int, Fault> with)
        {
            var (min, max) = ((int)members[name]!["minimum"]!, (int)members[name]!["maximum"]!);
            Assert.Empty(FaultRules.Check(with(min)));
            Assert.Empty(FaultRules.Check(with(max)));
            Assert.NotEmpty(FaultRules.Check(with(min - 1)));
            Assert.True(max == int.MaxValue || FaultRules.Check(with(max + 1)).Any());
        }
    }

    private static IEnumerable<string> Choices(string map, string member) =>
        JsonNode.Parse(FileSchema.Scenario.Text)!["$defs"]![map]!["properties"]![member]!["enum"]!.AsArray().Select(choice => (string)choice!);

    private sealed class Comparison(FileSchema schema, JsonSerializerOptions options)
    {
        private readonly JsonObject _root = JsonNode.Parse(schema.Text)!.AsObject();
        private readonly HashSet<Type> _done = [];

        public List<string> Of(Type type) => Compare(type, _root);

        private List<string> Compare(Type type, JsonObject map)
        {
            var wrong = new List<string>();
            if (!_done.Add(type))
            {
                return wrong;
            }

            var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).ToDictionary(each => JsonNamingPolicy.CamelCase.ConvertName(each.Name));
            var members = map["properties"]!.AsObject();
            wrong.AddRange(properties.Keys.Except(members.Select(member => member.Key)).Select(name => $"{type.Name}.{name}: the schema lacks it"));
            wrong.AddRange(members.Select(member => member.Key).Except(properties.Keys).Where(name => name != "$schema").Select(name => $"{type.Name}.{name}: the type lacks it"));
            if (map["additionalProperties"]?.GetValue<bool>() != false)
            {
                wrong.Add($"{type.Name}: the schema takes other members");
            }

            var required = map["required"]?.AsArray().Select(name => (string)name!).ToHashSet() ?? [];
            foreach (var (name, property) in properties.Where(each => members.ContainsKey(each.Key)))
            {
                var isRequired = property.GetCustomAttribute<RequiredMemberAttribute>() is not null;
                if (isRequired != required.Contains(name))
                {
                    wrong.Add($"{type.Name}.{name}: required in one of the two only");
                }

                var member = Resolve(members[name]!.AsObject());
                wrong.AddRange(Compare(property.PropertyType, Nullability.Create(property), member, $"{type.Name}.{name}"));
                if (!isRequired)
                {
                    wrong.AddRange(CompareDefault(type, property, members[name]!["default"], $"{type.Name}.{name}"));
                }
            }

            return wrong;
        }

        private IEnumerable<string> Compare(Type type, NullabilityInfo nullability, JsonObject member, string at)
        {
            var types = member["type"] is JsonArray several ? several.Select(each => (string)each!).ToList() : [(string)member["type"]!];
            var bare = Nullable.GetUnderlyingType(type) ?? type;
            var expected = bare == typeof(string) || bare == typeof(TimeSpan) || bare.IsEnum ? "string"
                : bare == typeof(int) || bare == typeof(long) ? "integer"
                : bare == typeof(double) ? "number"
                : bare == typeof(bool) ? "boolean"
                : IsList(bare) ? "array"
                : "object";
            if (types[0] != expected)
            {
                yield return $"{at}: expected {expected} and found {types[0]}";
                yield break;
            }

            if (types.Contains("null") != (nullability.ReadState == NullabilityState.Nullable))
            {
                yield return $"{at}: null in one of the two only";
            }

            if (bare.IsEnum)
            {
                var names = Enum.GetValues(bare).Cast<object>().Select(value => JsonSerializer.Serialize(value, bare, options).Trim('"'));
                if (!names.SequenceEqual(member["enum"]?.AsArray().Select(each => (string)each!) ?? []))
                {
                    yield return $"{at}: other choices";
                }
            }

            var below = IsList(bare) ? Compare(bare.GetGenericArguments()[0], nullability.GenericTypeArguments[0], Resolve(member["items"]!.AsObject()), at + "[]")
                : IsMap(bare) ? Compare(bare.GetGenericArguments()[1], nullability.GenericTypeArguments[1], Resolve(member["additionalProperties"]!.AsObject()), at + "{}")
                : expected == "object" ? Compare(bare, member)
                : [];
            foreach (var wrong in below)
            {
                yield return wrong;
            }
        }

        private IEnumerable<string> CompareDefault(Type type, PropertyInfo property, JsonNode? said, string at)
        {
            var blank = Activator.CreateInstance(type);
            var actual = property.GetValue(blank);
            var found = said is null ? null : said.Deserialize(property.PropertyType, options);
            if (JsonSerializer.Serialize(actual, property.PropertyType, options) != JsonSerializer.Serialize(found, property.PropertyType, options))
            {
                yield return $"{at}: another default";
            }
        }

        private JsonObject Resolve(JsonObject member) =>
            (string?)member["$ref"] is { } reference ? _root["$defs"]![reference.Split('/')[^1]]!.AsObject() : member;

        private static bool IsMap(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>);

        private static bool IsList(Type type) => type != typeof(string) && !IsMap(type) && typeof(IEnumerable).IsAssignableFrom(type);
    }
}
