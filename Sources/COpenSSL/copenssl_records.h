/// Records of TLS 1.3 (RFC 8446, section 5) without an SSL object: keys from traffic secrets, nonces, sealing and
/// opening. What a record means is not known here.
///
/// The cipher contexts belong to a loop and serve all of its connections; nothing here is thread-safe. They are called
/// through the provider's own functions (`core_dispatch.h`), which is the implementation that EVP calls too: EVP looks
/// parameters up by name for every nonce, which costs more than a small record's cipher. EVP is taken where a provider
/// does not offer them.
#ifndef COPENSSL_RECORDS_H
#define COPENSSL_RECORDS_H

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/uio.h>

enum {
    /// The most bytes that a record carries, and the longest body: those, their type, and the tag. Padding counts.
    ZTLS_CONTENT_MAX = 16384,
    ZTLS_BODY_MAX = ZTLS_CONTENT_MAX + 17,
    ZTLS_HEADER = 5,
    ZTLS_TAG = 16,
    /// How much larger a record is than its content.
    ZTLS_OVERHEAD = ZTLS_HEADER + 1 + ZTLS_TAG,
    /// Contexts that keep a connection's key schedule, per suite and direction; a power of two.
    ZTLS_SLOTS = 256,
    /// How often in a row others miss a slot before it changes hands: with more busy connections than slots most use
    /// the shared context, which is in the cache.
    ZTLS_STAY = 16,
    /// Parts of a record that are shorter than this are gathered before the cipher is called.
    ZTLS_GATHER = 1024,
};

/// One direction of a connection.
struct ztls_half {
    uint64_t sequence;
    /// Names the key: no other key of the loop ever gets the same number.
    uint64_t number;
    uint8_t iv[12];
    uint8_t key[32];
    uint8_t secret[48];
};

/// Both directions of a connection, on the heap so that secrets are never copied.
struct ztls_pair {
    struct ztls_half receiving, sending;
};

struct ztls_slot {
    uint64_t number;
    void *context;
    uint32_t misses;
};

struct ztls_suite {
    uint16_t id;
    uint8_t key_bytes, hash_bytes;
    const char *cipher_name, *digest_name;
    EVP_CIPHER *cipher;
    EVP_MAC_CTX *mac;
    /// [1] seals.
    EVP_CIPHER_CTX *evp[2];
    bool has_functions;
    void *provider;
    void *shared[2];
    OSSL_FUNC_cipher_newctx_fn *newctx;
    OSSL_FUNC_cipher_freectx_fn *freectx;
    OSSL_FUNC_cipher_encrypt_init_fn *encrypt_init;
    OSSL_FUNC_cipher_decrypt_init_fn *decrypt_init;
    OSSL_FUNC_cipher_update_fn *update;
    OSSL_FUNC_cipher_final_fn *final;
    OSSL_FUNC_cipher_get_ctx_params_fn *get_ctx_params;
    struct ztls_slot slots[2][ZTLS_SLOTS];
};

/// The ciphers of a loop.
struct ztls_bench {
    uint64_t numbers;
    struct ztls_suite suites[3];
};

static inline bool ztls_is_named(const char *names, const char *name) {
    size_t count = strlen(name);
    while (names) {
        if (!strncasecmp(names, name, count) && (names[count] == ':' || names[count] == 0)) return true;
        names = strchr(names, ':');
        if (names) names++;
    }
    return false;
}

/// Finds the provider's functions behind a fetched cipher.
static inline void ztls_find_functions(struct ztls_suite *suite) {
    const OSSL_PROVIDER *provider = EVP_CIPHER_get0_provider(suite->cipher);
    int is_uncached = 0;
    const OSSL_ALGORITHM *all = OSSL_PROVIDER_query_operation(provider, OSSL_OP_CIPHER, &is_uncached);
    const OSSL_ALGORITHM *found = all;
    while (found && found->algorithm_names && !ztls_is_named(found->algorithm_names, suite->cipher_name)) found++;
    if (!found || !found->algorithm_names) return;
    for (const OSSL_DISPATCH *entry = found->implementation; entry->function_id; entry++) {
        switch (entry->function_id) {
        case OSSL_FUNC_CIPHER_NEWCTX: suite->newctx = OSSL_FUNC_cipher_newctx(entry); break;
        case OSSL_FUNC_CIPHER_FREECTX: suite->freectx = OSSL_FUNC_cipher_freectx(entry); break;
        case OSSL_FUNC_CIPHER_ENCRYPT_INIT: suite->encrypt_init = OSSL_FUNC_cipher_encrypt_init(entry); break;
        case OSSL_FUNC_CIPHER_DECRYPT_INIT: suite->decrypt_init = OSSL_FUNC_cipher_decrypt_init(entry); break;
        case OSSL_FUNC_CIPHER_UPDATE: suite->update = OSSL_FUNC_cipher_update(entry); break;
        case OSSL_FUNC_CIPHER_FINAL: suite->final = OSSL_FUNC_cipher_final(entry); break;
        case OSSL_FUNC_CIPHER_GET_CTX_PARAMS: suite->get_ctx_params = OSSL_FUNC_cipher_get_ctx_params(entry); break;
        }
    }
    if (!suite->newctx || !suite->freectx || !suite->encrypt_init || !suite->decrypt_init || !suite->update
        || !suite->final || !suite->get_ctx_params)
        return;
    // Stays valid as long as the cipher, which holds the provider.
    suite->provider = OSSL_PROVIDER_get0_provider_ctx(provider);
    suite->shared[0] = suite->newctx(suite->provider);
    suite->shared[1] = suite->newctx(suite->provider);
    suite->has_functions = suite->shared[0] && suite->shared[1];
}

static inline void ztls_bench_free(struct ztls_bench *bench) {
    if (!bench) return;
    for (int i = 0; i < 3; i++) {
        struct ztls_suite *suite = &bench->suites[i];
        for (int seals = 0; seals < 2; seals++) {
            for (int slot = 0; slot < ZTLS_SLOTS; slot++)
                if (suite->slots[seals][slot].context) suite->freectx(suite->slots[seals][slot].context);
            if (suite->shared[seals]) suite->freectx(suite->shared[seals]);
            EVP_CIPHER_CTX_free(suite->evp[seals]);
        }
        EVP_MAC_CTX_free(suite->mac);
        EVP_CIPHER_free(suite->cipher);
    }
    free(bench);
}

/// The ciphers of a loop, or NULL where this OpenSSL lacks one. `by_evp` takes EVP though the provider offers its
/// functions, for tests.
static inline struct ztls_bench *ztls_bench_make(bool by_evp) {
    static const struct { uint16_t id; uint8_t key_bytes, hash_bytes; const char *cipher, *digest; } known[3] = {
        {0x1301, 16, 32, "AES-128-GCM", "SHA256"},
        {0x1302, 32, 48, "AES-256-GCM", "SHA384"},
        {0x1303, 32, 32, "ChaCha20-Poly1305", "SHA256"},
    };
    struct ztls_bench *bench = (struct ztls_bench *)calloc(1, sizeof *bench);
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    bool is_right = bench && hmac;
    for (int i = 0; is_right && i < 3; i++) {
        struct ztls_suite *suite = &bench->suites[i];
        suite->id = known[i].id;
        suite->key_bytes = known[i].key_bytes;
        suite->hash_bytes = known[i].hash_bytes;
        suite->cipher_name = known[i].cipher;
        suite->digest_name = known[i].digest;
        suite->cipher = EVP_CIPHER_fetch(NULL, suite->cipher_name, NULL);
        is_right = suite->cipher != NULL;
        for (int seals = 0; is_right && seals < 2; seals++) {
            suite->evp[seals] = EVP_CIPHER_CTX_new();
            is_right = suite->evp[seals]
                && EVP_CipherInit_ex(suite->evp[seals], suite->cipher, NULL, NULL, NULL, seals) == 1;
        }
        // Why here: a digest that is given when a MAC begins is fetched each time.
        OSSL_PARAM digest[2] = {
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)suite->digest_name, 0), OSSL_PARAM_END};
        if (is_right) suite->mac = EVP_MAC_CTX_new(hmac);
        is_right = is_right && suite->mac && EVP_MAC_CTX_set_params(suite->mac, digest) == 1;
        if (is_right && !by_evp) ztls_find_functions(suite);
    }
    EVP_MAC_free(hmac);
    if (is_right) return bench;
    ztls_bench_free(bench);
    return NULL;
}

/// Which suite has a number of the registry, or -1.
static inline int ztls_suite_index(uint16_t id) { return id >= 0x1301 && id <= 0x1303 ? id - 0x1301 : -1; }

// MARK: Keys

/// HKDF-Expand-Label without context (RFC 8446, 7.1): no more is asked for than one hash, so that it is one HMAC.
static inline bool ztls_expand(
    struct ztls_suite *suite, const uint8_t *secret, const char *label, uint8_t *out, size_t count) {
    uint8_t info[32], block[64];
    size_t label_count = strlen(label), made = 0;
    info[0] = 0;
    info[1] = (uint8_t)count;
    info[2] = (uint8_t)(6 + label_count);
    memcpy(info + 3, "tls13 ", 6);
    memcpy(info + 9, label, label_count);
    info[9 + label_count] = 0;
    info[10 + label_count] = 1;
    bool is_right = EVP_MAC_init(suite->mac, secret, suite->hash_bytes, NULL) == 1
        && EVP_MAC_update(suite->mac, info, 11 + label_count) == 1
        && EVP_MAC_final(suite->mac, block, &made, sizeof block) == 1 && made >= count;
    if (is_right) memcpy(out, block, count);
    OPENSSL_cleanse(block, sizeof block);
    return is_right;
}

/// The keys of the half's secret. The sequence number stays.
static inline bool ztls_derive(struct ztls_bench *bench, int index, struct ztls_half *half) {
    struct ztls_suite *suite = &bench->suites[index];
    half->number = ++bench->numbers;
    return ztls_expand(suite, half->secret, "key", half->key, suite->key_bytes)
        && ztls_expand(suite, half->secret, "iv", half->iv, sizeof half->iv);
}

/// The keys after a KeyUpdate (RFC 8446, 7.2).
static inline bool ztls_update_keys(struct ztls_bench *bench, int index, struct ztls_half *half) {
    struct ztls_suite *suite = &bench->suites[index];
    uint8_t next[48];
    bool is_right = ztls_expand(suite, half->secret, "traffic upd", next, suite->hash_bytes);
    memcpy(half->secret, next, suite->hash_bytes);
    OPENSSL_cleanse(next, sizeof next);
    half->sequence = 0;
    return is_right && ztls_derive(bench, index, half);
}

/// Wipes both halves, and the loop's contexts of their keys.
static inline void ztls_pair_free(struct ztls_bench *bench, int index, struct ztls_pair *pair) {
    struct ztls_suite *suite = &bench->suites[index];
    for (int seals = 0; seals < 2; seals++) {
        uint64_t number = seals ? pair->sending.number : pair->receiving.number;
        struct ztls_slot *slot = &suite->slots[seals][number >> 1 & (ZTLS_SLOTS - 1)];
        if (number && slot->number == number) {
            // Freeing a context wipes it.
            suite->freectx(slot->context);
            slot->context = NULL;
            slot->number = 0;
            slot->misses = 0;
        }
    }
    OPENSSL_cleanse(pair, sizeof *pair);
    free(pair);
}

// MARK: Records

static inline void ztls_nonce(struct ztls_half *half, uint8_t nonce[12]) {
    memcpy(nonce, half->iv, 12);
    uint64_t sequence = half->sequence++;
    for (int i = 0; i < 8; i++) nonce[11 - i] ^= (uint8_t)(sequence >> 8 * i);
}

/// A context of the provider's for a half; `*key` becomes NULL where it has the key already. Halves get numbers in
/// turn, two to a connection, so that connections of a time have different slots.
static inline void *ztls_context(struct ztls_suite *suite, struct ztls_half *half, int seals, const uint8_t **key) {
    struct ztls_slot *slot = &suite->slots[seals][half->number >> 1 & (ZTLS_SLOTS - 1)];
    if (slot->number == half->number) {
        *key = NULL;
        slot->misses = 0;
        return slot->context;
    }
    *key = half->key;
    if (slot->number && ++slot->misses < ZTLS_STAY) return suite->shared[seals];
    if (!slot->context) slot->context = suite->newctx(suite->provider);
    if (!slot->context) return suite->shared[seals];
    slot->number = half->number;
    slot->misses = 0;
    return slot->context;
}

/// Where the bytes to seal are taken from.
struct ztls_cursor {
    const struct iovec *piece;
    size_t offset;
};

static inline size_t ztls_part(struct ztls_cursor *cursor, size_t most, const uint8_t **part) {
    while (cursor->offset == cursor->piece->iov_len) {
        cursor->piece++;
        cursor->offset = 0;
    }
    size_t count = cursor->piece->iov_len - cursor->offset;
    if (count > most) count = most;
    *part = (const uint8_t *)cursor->piece->iov_base + cursor->offset;
    cursor->offset += count;
    return count;
}

static inline bool ztls_run(
    struct ztls_suite *suite, void *context, uint8_t *out, const uint8_t *in, size_t count) {
    if (count == 0) return true;
    if (suite->has_functions) {
        size_t made = 0;
        return suite->update(context, out, &made, count, in, count) == 1 && made == count;
    }
    int made = 0;
    return EVP_CipherUpdate((EVP_CIPHER_CTX *)context, out, &made, in, (int)count) == 1 && made == (int)count;
}

/// Seals the next `count` bytes, at most `ZTLS_CONTENT_MAX`, as one record of a type; `out` has room for
/// `ZTLS_OVERHEAD` more. False, with nothing of use in `out`, where the cipher fails.
///
/// Short parts are gathered in place first; long ones are read by the cipher where they are.
static inline bool ztls_seal(
    struct ztls_bench *bench, int index, struct ztls_half *half, uint8_t type, struct ztls_cursor *cursor,
    size_t count, uint8_t *out) {
    struct ztls_suite *suite = &bench->suites[index];
    uint8_t nonce[12];
    size_t body = count + 1 + ZTLS_TAG;
    uint8_t header[ZTLS_HEADER] = {23, 3, 3, (uint8_t)(body >> 8), (uint8_t)body};
    const uint8_t *key = half->key;
    void *context = suite->has_functions ? ztls_context(suite, half, 1, &key) : (void *)suite->evp[1];
    ztls_nonce(half, nonce);
    bool is_right;
    if (suite->has_functions) {
        size_t made = 0;
        is_right = suite->encrypt_init(context, key, key ? suite->key_bytes : 0, nonce, sizeof nonce, NULL) == 1
            && suite->update(context, NULL, &made, ZTLS_TAG, header, sizeof header) == 1;
    } else {
        int made = 0;
        is_right = EVP_EncryptInit_ex(suite->evp[1], NULL, NULL, key, nonce) == 1
            && EVP_EncryptUpdate(suite->evp[1], NULL, &made, header, sizeof header) == 1;
    }
    memcpy(out, header, sizeof header);
    // From `from` on the content was gathered and is not sealed yet.
    uint8_t *end = out + ZTLS_HEADER, *from = end;
    while (count > 0 && is_right) {
        const uint8_t *part;
        size_t part_count = ztls_part(cursor, count, &part);
        count -= part_count;
        if (part_count < ZTLS_GATHER) {
            memcpy(end, part, part_count);
            end += part_count;
        } else {
            is_right = ztls_run(suite, context, from, from, (size_t)(end - from))
                && ztls_run(suite, context, end, part, part_count);
            end += part_count;
            from = end;
        }
    }
    *end++ = type;
    is_right = is_right && ztls_run(suite, context, from, from, (size_t)(end - from));
    if (suite->has_functions) {
        size_t made = 0;
        OSSL_PARAM tag[2] = {
            {OSSL_CIPHER_PARAM_AEAD_TAG, OSSL_PARAM_OCTET_STRING, end, ZTLS_TAG, 0}, OSSL_PARAM_END};
        return is_right && suite->final(context, end, &made, ZTLS_TAG) == 1
            && suite->get_ctx_params(context, tag) == 1;
    }
    int made = 0;
    return is_right && EVP_EncryptFinal_ex(suite->evp[1], end, &made) == 1
        && EVP_CIPHER_CTX_ctrl(suite->evp[1], EVP_CTRL_AEAD_GET_TAG, ZTLS_TAG, end) == 1;
}

/// Opens a record in place: `body` bytes, 17 to `ZTLS_BODY_MAX`, behind a header. What it holds stands behind the
/// header then. Answers how many bytes that are, without type and padding, or -1 where the tag is wrong, and -2 where
/// there is nothing but padding.
static inline int ztls_open(
    struct ztls_bench *bench, int index, struct ztls_half *half, uint8_t *record, size_t body, uint8_t *type) {
    struct ztls_suite *suite = &bench->suites[index];
    uint8_t nonce[12], *content = record + ZTLS_HEADER;
    size_t count = body - ZTLS_TAG;
    bool is_right;
    if (suite->has_functions) {
        size_t made = 0;
        const uint8_t *key;
        void *context = ztls_context(suite, half, 0, &key);
        ztls_nonce(half, nonce);
        OSSL_PARAM tag[2] = {
            {OSSL_CIPHER_PARAM_AEAD_TAG, OSSL_PARAM_OCTET_STRING, content + count, ZTLS_TAG, 0}, OSSL_PARAM_END};
        is_right = suite->decrypt_init(context, key, key ? suite->key_bytes : 0, nonce, sizeof nonce, tag) == 1
            && suite->update(context, NULL, &made, ZTLS_TAG, record, ZTLS_HEADER) == 1
            && suite->update(context, content, &made, count, content, count) == 1
            && suite->final(context, content + count, &made, ZTLS_TAG) == 1;
    } else {
        int made = 0;
        EVP_CIPHER_CTX *context = suite->evp[0];
        ztls_nonce(half, nonce);
        is_right = EVP_DecryptInit_ex(context, NULL, NULL, half->key, nonce) == 1
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, ZTLS_TAG, content + count) == 1
            && EVP_DecryptUpdate(context, NULL, &made, record, ZTLS_HEADER) == 1
            && EVP_DecryptUpdate(context, content, &made, content, (int)count) == 1
            && EVP_DecryptFinal_ex(context, content + count, &made) == 1;
    }
    if (!is_right) {
        // Nobody may look at what was not proven.
        OPENSSL_cleanse(content, count);
        return -1;
    }
    while (count > 0 && content[count - 1] == 0) count--;
    if (count == 0) return -2;
    *type = content[count - 1];
    return (int)count - 1;
}

#endif
