#if TLS
/// Made for these tests, and trusted by nobody: P-256, `localhost`, valid for a hundred years.
enum TestCertificates {
    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBmzCCAUGgAwIBAgIUICGEvc6JAnhstnAmG22CwR7tOa8wCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEzMDAzMzIzNFoYDzIxMjYxMTA2
        MDMzMjM0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAASkX5NZ5J/zdBk8a6OIMd7ihWhHj/+wihaz9iB3bC83NjLwwUU9qB8T
        Fok2z4L4MsGYL1XqcysTFdyqfpTl/0KRo28wbTAdBgNVHQ4EFgQUw+rpNxW7oesH
        4/H5MjGemx5GwrIwHwYDVR0jBBgwFoAUw+rpNxW7oesH4/H5MjGemx5GwrIwDwYD
        VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
        zj0EAwIDSAAwRQIgbGewMgY2NQWydVhhiIQRU7iNAdFilXzbMiMZiYt2I8kCIQDF
        ZqvaSs7/CyyYF/ctonc3oQv/fOt4a0cIhxbPgmGn0A==
        -----END CERTIFICATE-----
        """
    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgYQPH2vweINY5+FfG
        tFXJhT98Z2OzF/O4EIItVsO36rmhRANCAASkX5NZ5J/zdBk8a6OIMd7ihWhHj/+w
        ihaz9iB3bC83NjLwwUU9qB8TFok2z4L4MsGYL1XqcysTFdyqfpTl/0KR
        -----END PRIVATE KEY-----
        """
    /// The same key, encrypted with `sesame`.
    static let encryptedKey = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAizM2W9oOCN9gICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEI3JJjYSygphF/uZ5XYGr9oEgZCw
        6fTFiTjGuj+JvHx7u/lJziNEp8rx88gSmngERlCj7AAvwHs/ealGzGHyC0a/22Ix
        XPtsEV9MKxzWpmyMoNPK8qNppb88VdgxE/GXyaVdkBaBFZVJtD7Pe9S4H48tBPxn
        Yxz/pjkr3VKF8/RTP7F61VzJVbKS1kOBnV477ZG+fAo52b50bpQf6f4UlBcJs70=
        -----END ENCRYPTED PRIVATE KEY-----
        """
    static let otherKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNq+kt8T6qwhOHCHs
        x7tGjTuZt++t/c4cjKb/wpfDV+ahRANCAATstkqPEahe4IgTIqwR1h2rXN4iU1BG
        b7DtzGTyZDEYB8AwD3YExmy/4tpaV4Fw/g91H5+sGBqNWlqeYFRitvB+
        -----END PRIVATE KEY-----
        """
}
#endif
