/// Certificates, keys, roots and staples, read from PEM (a staple from DER) without ever prompting.
///
/// What is made here never changes and is counted by OpenSSL, so that any thread may use it.
#ifndef COPENSSL_CREDENTIALS_H
#define COPENSSL_CREDENTIALS_H

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct ztls_credentials {
    X509 *leaf;
    STACK_OF(X509) *issuers;
    EVP_PKEY *key;
};

enum ztls_trouble : int {
    ZTLS_FINE = 0,
    ZTLS_NO_MEMORY,
    /// No PEM block of a certificate, or one that cannot be read.
    ZTLS_NO_CERTIFICATE,
    ZTLS_BAD_CERTIFICATE,
    /// The same of the key.
    ZTLS_BAD_KEY,
    ZTLS_ENCRYPTED_KEY,
    /// The key is not that of the first certificate.
    ZTLS_OTHER_KEY,
};

struct ztls_passphrase {
    const char *text;
    size_t count;
    bool was_asked_for;
};

/// Never prompts, as OpenSSL does where it is given no callback.
static inline int ztls_give_passphrase(char *room, int size, int is_writing, void *argument) {
    struct ztls_passphrase *passphrase = (struct ztls_passphrase *)argument;
    (void)is_writing;
    passphrase->was_asked_for = true;
    if (!passphrase->text || passphrase->count > (size_t)size) return -1;
    memcpy(room, passphrase->text, passphrase->count);
    return (int)passphrase->count;
}

static inline void ztls_credentials_free(struct ztls_credentials *credentials) {
    if (!credentials) return;
    X509_free(credentials->leaf);
    sk_X509_pop_free(credentials->issuers, X509_free);
    EVP_PKEY_free(credentials->key);
    free(credentials);
}

static inline enum ztls_trouble ztls_read_chain(struct ztls_credentials *credentials, BIO *pem) {
    credentials->issuers = sk_X509_new_null();
    if (!credentials->issuers) return ZTLS_NO_MEMORY;
    for (;;) {
        X509 *certificate = PEM_read_bio_X509(pem, NULL, NULL, (void *)"");
        if (!certificate) break;
        if (!credentials->leaf) {
            credentials->leaf = certificate;
        } else if (!sk_X509_push(credentials->issuers, certificate)) {
            X509_free(certificate);
            return ZTLS_NO_MEMORY;
        }
    }
    // What ends a well-formed file is that no further block begins.
    bool is_at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (is_at_end) ERR_clear_error();
    if (!is_at_end) return ZTLS_BAD_CERTIFICATE;
    return credentials->leaf ? ZTLS_FINE : ZTLS_NO_CERTIFICATE;
}

/// A certificate with those of its issuers, and its key, from PEM; NULL and the reason in `trouble`.
static inline struct ztls_credentials *ztls_credentials_make(
    const void *chain, size_t chain_count, const void *key, size_t key_count, const char *passphrase,
    enum ztls_trouble *trouble) {
    ERR_clear_error();
    struct ztls_credentials *credentials = (struct ztls_credentials *)calloc(1, sizeof *credentials);
    BIO *chain_pem = BIO_new_mem_buf(chain, (int)chain_count), *key_pem = BIO_new_mem_buf(key, (int)key_count);
    *trouble = credentials && chain_pem && key_pem ? ZTLS_FINE : ZTLS_NO_MEMORY;
    if (!*trouble) *trouble = ztls_read_chain(credentials, chain_pem);
    if (!*trouble) {
        struct ztls_passphrase words = {passphrase, passphrase ? strlen(passphrase) : 0, false};
        credentials->key = PEM_read_bio_PrivateKey(key_pem, NULL, ztls_give_passphrase, &words);
        if (!credentials->key) *trouble = words.was_asked_for ? ZTLS_ENCRYPTED_KEY : ZTLS_BAD_KEY;
        else if (X509_check_private_key(credentials->leaf, credentials->key) != 1) *trouble = ZTLS_OTHER_KEY;
    }
    BIO_free(chain_pem);
    BIO_free(key_pem);
    if (!*trouble) return credentials;
    ztls_credentials_free(credentials);
    return NULL;
}

/// The same credentials once more.
static inline struct ztls_credentials *ztls_credentials_copy(const struct ztls_credentials *other) {
    struct ztls_credentials *copy = (struct ztls_credentials *)calloc(1, sizeof *copy);
    if (!copy) return NULL;
    copy->issuers = X509_chain_up_ref(other->issuers);
    if (!copy->issuers) {
        free(copy);
        return NULL;
    }
    X509_up_ref(other->leaf);
    EVP_PKEY_up_ref(other->key);
    copy->leaf = other->leaf;
    copy->key = other->key;
    return copy;
}

/// OpenSSL's words for the first thing that went wrong since the last look, or NULL.
static inline const char *ztls_take_complaint(void) {
    const char *words = ERR_reason_error_string(ERR_peek_error());
    ERR_clear_error();
    return words;
}

// MARK: Roots

/// Whom to trust: the certificates of PEM text, or the system's where there is none. NULL and the reason in `trouble`.
static inline X509_STORE *ztls_roots_make(const void *pem, size_t count, enum ztls_trouble *trouble) {
    ERR_clear_error();
    X509_STORE *store = X509_STORE_new();
    *trouble = store ? ZTLS_FINE : ZTLS_NO_MEMORY;
    if (!store) return NULL;
    if (!pem) {
        // By the places that OpenSSL was built with: its defaults would ask the environment first.
        bool has_folder = X509_STORE_load_path(store, X509_get_default_cert_dir()) == 1;
        bool has_file = X509_STORE_load_file(store, X509_get_default_cert_file()) == 1;
        ERR_clear_error();
        if (has_folder || has_file) return store;
        *trouble = ZTLS_NO_CERTIFICATE;
        X509_STORE_free(store);
        return NULL;
    }
    struct ztls_credentials read = {NULL, NULL, NULL};
    BIO *bio = BIO_new_mem_buf(pem, (int)count);
    *trouble = bio ? ztls_read_chain(&read, bio) : ZTLS_NO_MEMORY;
    BIO_free(bio);
    if (!*trouble && X509_STORE_add_cert(store, read.leaf) != 1) *trouble = ZTLS_NO_MEMORY;
    for (int i = 0; !*trouble && i < sk_X509_num(read.issuers); i++)
        if (X509_STORE_add_cert(store, sk_X509_value(read.issuers, i)) != 1) *trouble = ZTLS_NO_MEMORY;
    X509_free(read.leaf);
    sk_X509_pop_free(read.issuers, X509_free);
    if (!*trouble) return store;
    X509_STORE_free(store);
    return NULL;
}

// MARK: Staples

/// Whether bytes are a response of an OCSP responder that gives an answer (RFC 6960, 4.2.1).
static inline bool ztls_is_staple(const uint8_t *bytes, size_t count) {
    const uint8_t *next = bytes;
    OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &next, (long)count);
    bool is_right = response && next == bytes + count && OCSP_response_status(response) == 0;
    OCSP_RESPONSE_free(response);
    ERR_clear_error();
    return is_right;
}

/// Whether a staple says of a certificate that its issuer, who is in the chain, has revoked it: signed by who may say so, and not out of date.
/// What says nothing of the kind, for whatever reason, counts as no staple: whoever could change one could leave it out.
static inline bool ztls_staple_revokes(
    const uint8_t *bytes, size_t count, X509 *leaf, STACK_OF(X509) *chain, X509_STORE *roots) {
    static const char *const digests[2] = {"SHA1", "SHA256"};
    const uint8_t *next = bytes;
    OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &next, (long)count);
    OCSP_BASICRESP *basic = response ? OCSP_response_get1_basic(response) : NULL;
    bool is_revoked = false;
    X509 *issuer = NULL;
    for (int i = 0; i < sk_X509_num(chain) && !issuer; i++)
        if (X509_check_issued(sk_X509_value(chain, i), leaf) == X509_V_OK) issuer = sk_X509_value(chain, i);
    bool is_signed = basic && issuer && OCSP_basic_verify(basic, chain, roots, 0) == 1;
    for (int i = 0; i < 2 && is_signed && !is_revoked; i++) {
        // Responders name certificates by the sums that they like.
        int status = -1, reason = -1;
        ASN1_GENERALIZEDTIME *revoked_at = NULL, *since = NULL, *until = NULL;
        OCSP_CERTID *id = OCSP_cert_to_id(EVP_get_digestbyname(digests[i]), leaf, issuer);
        is_revoked = id && OCSP_resp_find_status(basic, id, &status, &reason, &revoked_at, &since, &until) == 1
            && status == V_OCSP_CERTSTATUS_REVOKED && OCSP_check_validity(since, until, 300, -1) == 1;
        OCSP_CERTID_free(id);
    }
    OCSP_BASICRESP_free(basic);
    OCSP_RESPONSE_free(response);
    ERR_clear_error();
    return is_revoked;
}

// MARK: What a certificate says

/// The SHA-256 sum of the key with its algorithm (SubjectPublicKeyInfo).
static inline bool ztls_key_sum(const X509 *certificate, uint8_t sum[32]) {
    uint8_t *bytes = NULL;
    unsigned made = 0;
    int count = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &bytes);
    bool is_right = count > 0 && EVP_Digest(bytes, (size_t)count, sum, &made, EVP_sha256(), NULL) == 1 && made == 32;
    OPENSSL_free(bytes);
    return is_right;
}

/// The subject in the form of RFC 2253, cut to the room; answers its length.
static inline size_t ztls_subject(const X509 *certificate, char *room, size_t size) {
    BIO *text = BIO_new(BIO_s_mem());
    if (!text) return 0;
    char *bytes = NULL;
    X509_NAME_print_ex(
        text, X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB);
    long count = BIO_get_mem_data(text, &bytes);
    size_t taken = count < 0 ? 0 : (size_t)count < size ? (size_t)count : size;
    if (taken) memcpy(room, bytes, taken);
    BIO_free(text);
    return taken;
}

/// The alternative names (RFC 5280, 4.2.1.6), or NULL; freed by `ztls_names_free`.
static inline GENERAL_NAMES *ztls_names(const X509 *certificate) {
    GENERAL_NAMES *names = (GENERAL_NAMES *)X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    ERR_clear_error();
    return names;
}

static inline void ztls_names_free(GENERAL_NAMES *names) { GENERAL_NAMES_free(names); }

static inline int ztls_names_count(const GENERAL_NAMES *names) { return names ? sk_GENERAL_NAME_num(names) : 0; }

/// One of the names: its bytes, which last as long as the names, and its type (RFC 5280), or -1 for one that has no
/// text and is no address.
static inline int ztls_name(const GENERAL_NAMES *names, int index, const uint8_t **bytes, size_t *count) {
    int type = -1;
    const ASN1_STRING *text =
        (const ASN1_STRING *)GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, index), &type);
    if (type != GEN_DNS && type != GEN_EMAIL && type != GEN_URI && type != GEN_IPADD) return -1;
    *bytes = ASN1_STRING_get0_data(text);
    *count = (size_t)ASN1_STRING_length(text);
    return type;
}

#endif
