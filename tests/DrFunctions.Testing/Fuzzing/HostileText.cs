using System.Text;

namespace DrFunctions.Testing.Fuzzing;

/// <summary>Text that programs stumble over. Each list is for one place.</summary>
internal static class HostileText
{
    /// <summary>Segments of paths; characters up to U+00FF are bytes.</summary>
    public static readonly IReadOnlyList<string> Segments =
    [
        "", ".", "..", "../..", "..%2f..%2fetc%2fpasswd", "%2e%2e", "%252e%252e%252f", "%00", "%0d%0aX:%20y", "%ff%fe", "%c0%ae", "%", "%2", "%zz",
        "%u0041", "%2f", "%5c", "\\", "a b", "a+b", "a%20b", "\u00ff\u00fe", "\u00c3\u00a9", "\u00f0\u009f\u0098\u0080", "@entity@key", "%40a", "#", "a#b", "?", "a;b=c", "a:b", "{id}", "*", "~", "-1",
        "0", "2147483648", "99999999999999999999", "NaN", "true", "null", "undefined", "__proto__", "constructor", "CON", "con.txt", ".hidden", "'", "\"", "<script>", "${7*7}", "%24%7b7*7%7d",
        new('a', 101), new('a', 1000), new('a', 6000), string.Concat(Enumerable.Repeat("%e2%98%83", 100)), string.Concat(Enumerable.Repeat("../", 50)), string.Concat(Enumerable.Repeat("/a", 200)),
    ];

    /// <summary>Members of queries.</summary>
    public static readonly IReadOnlyList<string> QueryMembers =
    [
        "", "&", "=", "==", "a", "a=", "=b", "a=b&a=c", "a[]=1&a[]=2", "a=%", "a=%zz", "a=%00", "a=%ff", "a=\u00ff", "code=", "code=wrong", "code=a&code=b", "reason=%0d%0aSet-Cookie:%20a=b", "reason=%ff", "top=-1",
        "top=999999999999", "top=x", "functionName=", "functionName=Nothing", "functionName=a&functionName=b", "workload=..%2f", "workload=%00", "createdTimeFrom=yesterday", "runtimeStatus=All,None", "showInput=maybe",
        "continuationToken=zzz", "instanceIdPrefix=%00", new('q', 5000), string.Join('&', Enumerable.Range(0, 1100).Select(i => $"m{i}={i}")),
    ];

    /// <summary>Headers.</summary>
    public static readonly IReadOnlyList<string> Headers =
    [
        "Content-Type: ", "Content-Type: text/plain", "Content-Type: application/json; charset=nothing", "Content-Type: application/json; charset=utf-16", "Content-Type: multipart/form-data; boundary=",
        "Content-Type: application/x-www-form-urlencoded", "Content-Type: \u00ff", "Content-Encoding: gzip", "Content-Encoding: nothing", "Accept: */*;q=nothing", "Accept: nothing/nothing", "Accept-Encoding: gzip;q=2",
        "Expect: 100-continue", "Expect: 200-nothing", "Range: bytes=9-1", "If-None-Match: \"", "If-Modified-Since: yesterday", "traceparent: 00-0-0-0", "traceparent: 00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-ff",
        "traceparent: \u00ff", "tracestate: ====", "baggage: =;=", "X-Forwarded-For: ::1", "X-Forwarded-Host: evil", "X-HTTP-Method-Override: DELETE", "X-Original-URL: /admin/functions", "x-ms-client-principal: not base64",
        "aeg-event-type: Nothing", "aeg-event-type: SubscriptionValidation", "aeg-event-type: SubscriptionDeletion", "WebHook-Request-Origin: \u00ff", "WebHook-Request-Origin: a.example, b.example", "ce-specversion: 9",
        "Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13", "Connection: keep-alive, close, x-functions-key", "Upgrade: h2c", "Host: other", "Cookie: a=\u00ff; =b", "A: " + new string('h', 9000),
        "No-Colon", ": no name", "Bad Name: x", "Folded: a\r\n b", "Bell: \u0007", "Nul: \0", "x-functions-key: ", "x-functions-key: \u00ff\u00fe", "Authorization: Bearer x.y.z", "Authorization: Basic ::::",
    ];

    /// <summary>Bodies.</summary>
    public static readonly IReadOnlyList<byte[]> Bodies =
    [
        [], Utf8(" "), Utf8("{"), Utf8("}"), Utf8("[]"), Utf8("{}"), Utf8("null"), Utf8("true"), Utf8("1"), Utf8("-"), Utf8("1e999"), Utf8("\""), Utf8("\"text\""), Utf8("[null]"), Utf8("[1,2,\"3\",[],{}]"), Utf8("{\"a\":1}{\"b\":2}"), Utf8("{\"a\":1,}"), Utf8("{'a':1}"),
        Utf8("{\"a\":1,\"a\":2,\"A\":3}"), Utf8("{\"\":\"\"}"), Utf8("{\"input\":null}"), Utf8("{\"input\":{\"deep\":[1]}}"), Utf8("{\"input\":\"\\ud800\"}"), Utf8("\"\\ud800\""), Utf8("{\"\\udfff\":\"\\u0000\"}"), Utf8("{\"name\":1}"), Utf8("{\"name\":null}"), Utf8("{\"name\":{}}"),
        Utf8("{\"reason\":1,\"startedBy\":[]}"), Utf8("{\"mode\":\"nothing\"}"), Utf8("{\"mode\":99}"), Utf8("/* comment */ {}"), Utf8("<xml/>"), Utf8("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><x>&a;</x>"), Utf8("workload: &a [*a]"), Utf8("a: b: c"), Utf8("--- \n- \t- x"),
        Utf8("a=b&c=d"), Utf8("\0\0\0"), [0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}'], [0xFF, 0xFE, (byte)'{', 0, (byte)'}', 0], [0xFF], [0xC3, 0x28], [(byte)'"', 0xED, 0xA0, 0x80, (byte)'"'], [0x1F, 0x8B, 0x08, 0x00], Utf8("{\"name\":\"" + new string('n', 100_000) + "\"}"),
        Utf8(new string('[', 100)), Utf8(new string('[', 20_000)), Utf8(string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200)), Utf8("[" + string.Join(',', Enumerable.Repeat("0", 20_000)) + "]"), Utf8(new string('9', 5000)), Utf8("[{\"id\":\"1\",\"data\":{\"validationCode\":1}}]"),
    ];

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
