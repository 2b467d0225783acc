using Kollect.Core.Secrets;
using static Kollect.Core.Tests.Secrets.Some;

namespace Kollect.Core.Tests.Secrets;

public sealed class SecretAccessTests
{
    [Theory]
    [InlineData(CrossNamespacePolicy.Allow, "kollect-system", "", typeof(SecretAccess.Allowed))]
    [InlineData(CrossNamespacePolicy.Deny, "kollect-system", "", typeof(SecretAccess.Allowed))]
    [InlineData(CrossNamespacePolicy.Allow, "shop", "", typeof(SecretAccess.Allowed))]
    [InlineData(CrossNamespacePolicy.Granted, "shop", "", typeof(SecretAccess.Refused))]
    [InlineData(CrossNamespacePolicy.Granted, "shop", "shopping, x", typeof(SecretAccess.Refused))]
    [InlineData(CrossNamespacePolicy.Granted, "shop", "x, shop", typeof(SecretAccess.Allowed))]
    [InlineData(CrossNamespacePolicy.Granted, "shop", "*", typeof(SecretAccess.Allowed))]
    [InlineData(CrossNamespacePolicy.Deny, "shop", "*", typeof(SecretAccess.Refused))]
    public void The_policy_decides_about_Secrets_of_other_namespaces(CrossNamespacePolicy policy, string sinkNamespace, string grant, Type expected) =>
        Assert.IsType(expected, SecretAccess.Decide(policy, sinkNamespace, Reference, grant, isSentElsewhere: false));

    [Theory]
    [InlineData(CrossNamespacePolicy.Allow, "kollect-system", "", typeof(SecretAccess.Allowed))]
    [InlineData(CrossNamespacePolicy.Allow, "shop", "", typeof(SecretAccess.Refused))]
    [InlineData(CrossNamespacePolicy.Allow, "shop", "shop", typeof(SecretAccess.Allowed))]
    [InlineData(CrossNamespacePolicy.Granted, "shop", "", typeof(SecretAccess.Refused))]
    [InlineData(CrossNamespacePolicy.Granted, "shop", "shop", typeof(SecretAccess.Allowed))]
    [InlineData(CrossNamespacePolicy.Deny, "shop", "shop", typeof(SecretAccess.Refused))]
    public void A_login_for_a_server_that_another_namespace_names_needs_a_grant(
        CrossNamespacePolicy policy, string sinkNamespace, string grant, Type expected) =>
        Assert.IsType(expected, SecretAccess.Decide(policy, sinkNamespace, Reference, grant, isSentElsewhere: true));

    [Fact]
    public void A_missing_grant_is_refused_by_default() => Assert.Equal(CrossNamespacePolicy.Granted, default);

    [Fact]
    public void A_referenced_authority_without_a_certificate_is_an_error()
    {
        Assert.True(SecretKeys.ReadCertificateAuthority(Secret(("password", "x"))).IsLeft);
        Assert.True(SecretKeys.ReadCertificateAuthority(Secret(("ca.crt", "not pem"))).IsLeft);
        const string Pem = "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----";
        Assert.True(SecretKeys.ReadCertificateAuthority(Secret(("ca.crt", " "), ("ca.pem", Pem))).IsRight);
    }
}
