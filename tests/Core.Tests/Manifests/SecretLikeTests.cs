using Kollect.Core.Manifests;

namespace Kollect.Core.Tests.Manifests;

public sealed class SecretLikeTests
{
    [Theory]
    [InlineData("password")]
    [InlineData("DB.Passwd")]
    [InlineData("x-api-key")]
    [InlineData("access.key")]
    [InlineData("PRIVATE-KEY")]
    [InlineData("authMechanism")]
    [InlineData("bearerToken")]
    [InlineData("mongoUri")]
    [InlineData("DSN")]
    [InlineData("client_credentials")]
    public void A_key_that_looks_like_a_secret_is_recognised(string key) => Assert.True(SecretLike.InKey(key).IsSome);

    // An export needs none of these options.
    [Theory]
    [InlineData("max_tokens")]
    [InlineData("label.author")]
    [InlineData("session_authorization")]
    [InlineData("password_encryption")]
    [InlineData("during")]
    public void These_false_alarms_are_accepted(string key) => Assert.True(SecretLike.InKey(key).IsSome);

    [Theory]
    [InlineData("https://example.com/a@b", false)]
    [InlineData("postgres://u:p@h/d", true)]
    [InlineData("x https://token@h", true)]
    [InlineData("-----BEGIN PRIVATE KEY-----", true)]
    [InlineData("a@b.c", false)]
    public void A_value_with_userinfo_or_PEM_is_recognised(string value, bool expected) => Assert.Equal(expected, SecretLike.InValue(value).IsSome);
}
