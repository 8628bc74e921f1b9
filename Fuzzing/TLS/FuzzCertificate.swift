#if TLS
/// Made for the fuzzer, and trusted by nobody: P-256, `localhost`, valid for a hundred years.
enum FuzzCertificate {
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
}
#endif
