// Posts to CRM Sync which record has changed, signed as Standard Webhooks 1.0 (https://www.standardwebhooks.com).
// Needs .NET 6 or later and nothing else, and the signing secret in CRM_SYNC_WEBHOOK_SECRET.
using System;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;

public static class CrmSync
{
    private const string Address = "{{address}}";
    private static readonly int[] PausesSeconds = { 1, 5, 30, 120 };
    private static readonly HttpClient Http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };

    public static string SignatureOf(string secret, string id, string timestamp, string body)
    {
        var key = Convert.FromBase64String(secret.StartsWith("whsec_") ? secret.Substring("whsec_".Length) : secret);
        using var hmac = new HMACSHA256(key);
        var signed = Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}");
        return "v1," + Convert.ToBase64String(hmac.ComputeHash(signed));
    }

    /// <summary>The id is the same when the same delivery is sent again. Returns when it was taken.</summary>
    public static async Task SendAsync(string body, string secret, string id = null)
    {
        id ??= $"msg_{Guid.NewGuid()}";
        for (var attempt = 0; ; attempt++)
        {
            var timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString();
            using var request = new HttpRequestMessage(HttpMethod.Post, Address)
            {
                Content = new StringContent(body, new UTF8Encoding(false), "application/json"),
            };
            request.Headers.Add("webhook-id", id);
            request.Headers.Add("webhook-timestamp", timestamp);
            request.Headers.Add("webhook-signature", SignatureOf(secret, id, timestamp, body));
            var status = 0;
            try
            {
                using var response = await Http.SendAsync(request);
                status = (int)response.StatusCode;
            }
            catch (HttpRequestException)
            {
            }
            catch (TaskCanceledException)
            {
            }
            if (status >= 200 && status < 300) return;
            var isWorthAnother = status == 0 || status == 408 || status == 429 || status >= 500;
            if (!isWorthAnother || attempt >= PausesSeconds.Length) throw new InvalidOperationException($"CRM Sync answered {status}");
            await Task.Delay(TimeSpan.FromSeconds(PausesSeconds[attempt]));
        }
    }

    public static Task Main(string[] arguments) =>
        SendAsync(arguments.Length > 0 ? arguments[0] : "{{sample}}", Environment.GetEnvironmentVariable("CRM_SYNC_WEBHOOK_SECRET") ?? "");
}
