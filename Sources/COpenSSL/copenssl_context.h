/// What handshakes are made from: contexts with certificates, protocols and policies, and the keys of tickets.
///
/// Made once and then only read, by all loops of a server or a client; the keys of tickets are behind a lock that a
/// handshake takes once or twice. A server's loops make contexts of their own after these.
#ifndef COPENSSL_CONTEXT_H
#define COPENSSL_CONTEXT_H

#include "copenssl_credentials.h"
#include "copenssl_records.h"
#include <openssl/rand.h>
#include <pthread.h>
#include <time.h>

static inline void ztls_wipe(void *bytes, size_t count) { OPENSSL_cleanse(bytes, count); }

// MARK: Keys of session tickets

struct ztls_ticket_key {
    uint8_t name[16], cipher[32], mac[32];
    /// When it was made, in seconds of the monotonic clock; 0 for none.
    int64_t made_at;
};

/// Tickets are sealed under the first key and taken under all three, so that one that was sealed last before a change
/// of keys can be used for its whole life.
struct ztls_tickets {
    pthread_mutex_t lock;
    struct ztls_ticket_key keys[3];
    int64_t lifetime;
};

static inline int64_t ztls_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec + 1;
}

static inline bool ztls_rotate(struct ztls_tickets *tickets, int64_t now) {
    struct ztls_ticket_key next;
    bool is_random = RAND_bytes(next.name, sizeof next.name) == 1 && RAND_bytes(next.cipher, sizeof next.cipher) == 1
        && RAND_bytes(next.mac, sizeof next.mac) == 1;
    if (is_random) {
        next.made_at = now;
        tickets->keys[2] = tickets->keys[1];
        tickets->keys[1] = tickets->keys[0];
        tickets->keys[0] = next;
    }
    OPENSSL_cleanse(&next, sizeof next);
    return is_random;
}

static inline void ztls_tickets_free(struct ztls_tickets *tickets) {
    if (!tickets) return;
    pthread_mutex_destroy(&tickets->lock);
    OPENSSL_cleanse(tickets, sizeof *tickets);
    free(tickets);
}

/// Keys for tickets that live for so many seconds, or NULL where there are no random bytes.
static inline struct ztls_tickets *ztls_tickets_make(int64_t lifetime) {
    struct ztls_tickets *tickets = (struct ztls_tickets *)calloc(1, sizeof *tickets);
    if (!tickets) return NULL;
    tickets->lifetime = lifetime;
    if (pthread_mutex_init(&tickets->lock, NULL) != 0 || !ztls_rotate(tickets, ztls_seconds())) {
        free(tickets);
        return NULL;
    }
    return tickets;
}

/// Has a new key seal from now on.
static inline bool ztls_tickets_rotate(struct ztls_tickets *tickets) {
    pthread_mutex_lock(&tickets->lock);
    bool is_done = ztls_rotate(tickets, ztls_seconds());
    pthread_mutex_unlock(&tickets->lock);
    return is_done;
}

/// The key to seal with, or the one of a name; false for none. `age` says how many keys are newer.
static inline bool ztls_find_ticket_key(
    struct ztls_tickets *tickets, const uint8_t *name, struct ztls_ticket_key *found, int *age) {
    int64_t now = ztls_seconds();
    bool is_found = false;
    pthread_mutex_lock(&tickets->lock);
    if (now - tickets->keys[0].made_at >= tickets->lifetime) ztls_rotate(tickets, now);
    for (int i = 0; i < 3 && !is_found; i++) {
        const struct ztls_ticket_key *key = &tickets->keys[i];
        // The last ticket under a key was sealed a lifetime after it was made at the latest.
        if (!key->made_at || now - key->made_at > 2 * tickets->lifetime) continue;
        if (name && memcmp(key->name, name, sizeof key->name)) continue;
        *found = *key;
        *age = i;
        is_found = true;
    }
    pthread_mutex_unlock(&tickets->lock);
    return is_found;
}

// MARK: A server's sites

/// What is served under some names.
struct ztls_site {
    SSL_CTX *context;
    /// Lowercase names, of which one may begin with `*.` for exactly one label more (RFC 6125, 6.4.3).
    char **names;
    size_t names_count;
    uint8_t *staple;
    size_t staple_count;
};

enum { ZTLS_VERIFY_NOBODY = 0, ZTLS_VERIFY_WANTED, ZTLS_VERIFY_REQUIRED };

/// All that a server shakes hands with, until it is configured anew. `tickets` and `roots` are borrowed, and outlive it.
struct ztls_house {
    struct ztls_site *sites;
    size_t sites_count;
    bool refuses_unknown_names, allows_12;
    int verification;
    X509_STORE *roots;
    struct ztls_tickets *tickets;
    size_t tickets_per_handshake;
    uint8_t *protocols;
    size_t protocols_count;
};

static const char ZTLS_SUITES_13[] = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
/// Forward secret and authenticated: what Mozilla's "intermediate" has without finite-field groups.
static const char ZTLS_SUITES_12[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

/// How many issuers may stand between a certificate and the root that is trusted: more than anybody has, and few enough
/// that their signatures take a loop no time to speak of.
enum { ZTLS_ISSUERS_MAX = 10 };

/// What both sides' contexts have in common.
static inline bool ztls_configure_common(SSL_CTX *context, bool allows_12) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_verify_depth(context, ZTLS_ISSUERS_MAX);
    SSL_CTX_set_mode(
        context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return SSL_CTX_set_min_proto_version(context, allows_12 ? TLS1_2_VERSION : TLS1_3_VERSION) == 1
        && SSL_CTX_set_ciphersuites(context, ZTLS_SUITES_13) == 1
        && SSL_CTX_set_cipher_list(context, ZTLS_SUITES_12) == 1;
}

static inline int ztls_on_ticket(
    SSL *ssl, unsigned char name[16], unsigned char iv[EVP_MAX_IV_LENGTH], EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac,
    int is_sealing) {
    struct ztls_house *house = (struct ztls_house *)SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    struct ztls_ticket_key key;
    int age = 0;
    if (!ztls_find_ticket_key(house->tickets, is_sealing ? NULL : name, &key, &age)) return 0;
    OSSL_PARAM parameters[3] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key.mac, sizeof key.mac),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0), OSSL_PARAM_END};
    bool is_right = EVP_MAC_CTX_set_params(mac, parameters) == 1;
    if (is_sealing) {
        memcpy(name, key.name, sizeof key.name);
        is_right = is_right && RAND_bytes(iv, 16) == 1
            && EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key.cipher, iv) == 1;
    } else {
        is_right = is_right && EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key.cipher, iv) == 1;
    }
    OPENSSL_cleanse(&key, sizeof key);
    // 2 has a new ticket sent: under the newest key, and in TLS 1.3 always, as tickets are used once (RFC 8446, C.4).
    return !is_right ? -1 : age > 0 || SSL_version(ssl) == TLS1_3_VERSION ? 2 : 1;
}

static inline int ztls_on_protocols(
    SSL *ssl, const unsigned char **chosen, unsigned char *chosen_count, const unsigned char *offered,
    unsigned offered_count, void *argument) {
    const struct ztls_house *house = (const struct ztls_house *)argument;
    (void)ssl;
    // RFC 7301 3.2: no common protocol is a fatal alert.
    int result = SSL_select_next_proto(
        (unsigned char **)chosen, chosen_count, house->protocols, (unsigned)house->protocols_count, offered,
        offered_count);
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// The site of a name: the one that has it, or else one that has `*.` in the place of its first label.
static inline struct ztls_site *ztls_find_site(const struct ztls_house *house, const char *name) {
    const char *dot = strchr(name, '.');
    for (int by_wildcard = 0; by_wildcard < 2; by_wildcard++) {
        if (by_wildcard && (!dot || dot == name)) return NULL;
        for (size_t i = 0; i < house->sites_count; i++) {
            struct ztls_site *site = &house->sites[i];
            for (size_t j = 0; j < site->names_count; j++) {
                const char *own = site->names[j];
                bool is_wildcard = own[0] == '*' && own[1] == '.';
                if (is_wildcard != by_wildcard) continue;
                if (!strcasecmp(is_wildcard ? own + 1 : own, is_wildcard ? dot : name)) return site;
            }
        }
    }
    return NULL;
}

static inline SSL_CTX *ztls_context_for(SSL *ssl, const struct ztls_house *house, size_t index);

static inline int ztls_on_server_name(SSL *ssl, int *alert, void *argument) {
    const struct ztls_house *house = (const struct ztls_house *)argument;
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    // A client that names nobody gets the first site.
    if (!name || !*name) return SSL_TLSEXT_ERR_NOACK;
    struct ztls_site *site = ztls_find_site(house, name);
    if (!site && house->refuses_unknown_names) {
        *alert = SSL_AD_UNRECOGNIZED_NAME;
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    if (!site) return SSL_TLSEXT_ERR_NOACK;
    SSL_CTX *context = ztls_context_for(ssl, house, (size_t)(site - house->sites));
    return SSL_set_SSL_CTX(ssl, context) ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

static inline int ztls_on_status(SSL *ssl, void *argument) {
    const struct ztls_site *site = (const struct ztls_site *)argument;
    uint8_t *copy = (uint8_t *)OPENSSL_memdup(site->staple, site->staple_count);
    if (!copy) return SSL_TLSEXT_ERR_NOACK;
    SSL_set_tlsext_status_ocsp_resp(ssl, copy, (long)site->staple_count);
    return SSL_TLSEXT_ERR_OK;
}

static inline int ztls_on_verified(int is_right, X509_STORE_CTX *verification);

/// `other` is a context of the same house that has the names of the roots, or NULL.
static inline bool ztls_configure_verification(
    SSL_CTX *context, const struct ztls_house *house, const SSL_CTX *other) {
    if (house->verification == ZTLS_VERIFY_NOBODY) return true;
    int mode = SSL_VERIFY_PEER;
    if (house->verification == ZTLS_VERIFY_REQUIRED) mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    SSL_CTX_set_verify(context, mode, ztls_on_verified);
    if (SSL_CTX_set1_verify_cert_store(context, house->roots) != 1) return false;
    // Clients with several certificates choose by the names of the roots. Why from another: whoever verifies meanwhile
    // may have the store sorted.
    if (other) {
        STACK_OF(X509_NAME) *names = SSL_dup_CA_list(SSL_CTX_get_client_CA_list(other));
        SSL_CTX_set_client_CA_list(context, names);
        return names != NULL;
    }
    STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(house->roots);
    for (int i = 0; i < sk_X509_OBJECT_num(objects); i++) {
        X509 *root = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i));
        if (root && SSL_CTX_add_client_CA(context, root) != 1) return false;
    }
    return true;
}

static inline void ztls_on_key_log(const SSL *ssl, const char *line);
static inline void ztls_on_message(
    int is_sent, int version, int type, const void *bytes, size_t count, SSL *ssl, void *argument);

/// Has a context serve a site. `other` is one that does already, or NULL.
static inline bool ztls_configure_site(
    SSL_CTX *context, const struct ztls_house *house, const struct ztls_site *site,
    const struct ztls_credentials *credentials, const SSL_CTX *other) {
    // Early data is off: max_early_data is 0 by default. Sessions are in tickets, not in memory.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_keylog_callback(context, ztls_on_key_log);
    SSL_CTX_set_msg_callback(context, ztls_on_message);
    SSL_CTX_set_app_data(context, (void *)house);
    SSL_CTX_set_tlsext_servername_callback(context, ztls_on_server_name);
    SSL_CTX_set_tlsext_servername_arg(context, (void *)house);
    SSL_CTX_set_timeout(context, house->tickets->lifetime);
    if (house->protocols_count > 0) SSL_CTX_set_alpn_select_cb(context, ztls_on_protocols, (void *)house);
    if (site->staple_count > 0) {
        SSL_CTX_set_tlsext_status_cb(context, ztls_on_status);
        SSL_CTX_set_tlsext_status_arg(context, (void *)site);
    }
    if (house->tickets_per_handshake == 0) SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    return ztls_configure_common(context, house->allows_12)
        && SSL_CTX_set_num_tickets(context, house->tickets_per_handshake) == 1
        && SSL_CTX_set_session_id_context(context, (const unsigned char *)"zcnet", 5) == 1
        && SSL_CTX_set_tlsext_ticket_key_evp_cb(context, ztls_on_ticket) == 1
        && ztls_configure_verification(context, house, other)
        && SSL_CTX_use_cert_and_key(context, credentials->leaf, credentials->key, credentials->issuers, 1) == 1;
}

static inline void ztls_house_free(struct ztls_house *house) {
    if (!house) return;
    for (size_t i = 0; house->sites && i < house->sites_count; i++) {
        struct ztls_site *site = &house->sites[i];
        SSL_CTX_free(site->context);
        for (size_t j = 0; j < site->names_count; j++) free(site->names[j]);
        free(site->names);
        free(site->staple);
    }
    free(house->sites);
    free(house->protocols);
    free(house);
}

/// A house with room for so many sites, whose settings are the caller's to set, or NULL. `protocols` is in the form
/// of the extension (RFC 7301, 3.1).
static inline struct ztls_house *ztls_house_make(size_t sites, const uint8_t *protocols, size_t protocols_count) {
    struct ztls_house *house = (struct ztls_house *)calloc(1, sizeof *house);
    if (!house) return NULL;
    house->sites = (struct ztls_site *)calloc(sites, sizeof *house->sites);
    house->sites_count = sites;
    house->protocols = (uint8_t *)malloc(protocols_count + 1);
    if (!house->sites || !house->protocols) {
        ztls_house_free(house);
        return NULL;
    }
    memcpy(house->protocols, protocols, protocols_count);
    house->protocols_count = protocols_count;
    return house;
}

/// Adds a name to a site.
static inline bool ztls_site_add_name(struct ztls_house *house, size_t index, const char *name) {
    struct ztls_site *site = &house->sites[index];
    char **larger = (char **)realloc(site->names, (site->names_count + 1) * sizeof *larger);
    if (!larger) return false;
    site->names = larger;
    site->names[site->names_count] = strdup(name);
    if (!site->names[site->names_count]) return false;
    site->names_count++;
    return true;
}

/// Opens a site; false, with a complaint, where OpenSSL does not take what it is to be served with.
static inline bool ztls_site_open(
    struct ztls_house *house, size_t index, const struct ztls_credentials *credentials, const uint8_t *staple,
    size_t staple_count) {
    ERR_clear_error();
    struct ztls_site *site = &house->sites[index];
    site->context = SSL_CTX_new(TLS_server_method());
    site->staple = (uint8_t *)malloc(staple_count + 1);
    if (!site->context || !site->staple) return false;
    if (staple_count > 0) memcpy(site->staple, staple, staple_count);
    site->staple_count = staple_count;
    return ztls_configure_site(site->context, house, site, credentials, NULL);
}

// MARK: A client's context

static inline int ztls_on_session(SSL *ssl, SSL_SESSION *session);
static inline int ztls_on_staple(SSL *ssl, void *roots);

struct ztls_visitor_settings {
    /// NULL verifies nobody.
    X509_STORE *roots;
    /// NULL for clients that prove nothing.
    const struct ztls_credentials *credentials;
    const uint8_t *protocols;
    size_t protocols_count;
    bool allows_12, keeps_sessions;
};

/// The context of a client, or NULL and a complaint.
static inline SSL_CTX *ztls_visitor_make(const struct ztls_visitor_settings *settings) {
    ERR_clear_error();
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (!context) return NULL;
    SSL_CTX_set_keylog_callback(context, ztls_on_key_log);
    SSL_CTX_set_msg_callback(context, ztls_on_message);
    SSL_CTX_set_session_cache_mode(
        context, settings->keeps_sessions ? SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL : SSL_SESS_CACHE_OFF);
    SSL_CTX_sess_set_new_cb(context, ztls_on_session);
    SSL_CTX_set_verify(context, settings->roots ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, ztls_on_verified);
    bool is_right = ztls_configure_common(context, settings->allows_12);
    if (settings->roots) {
        is_right = is_right && SSL_CTX_set1_verify_cert_store(context, settings->roots) == 1;
        SSL_CTX_set_tlsext_status_cb(context, ztls_on_staple);
        SSL_CTX_set_tlsext_status_arg(context, settings->roots);
    }
    if (settings->protocols_count > 0)
        is_right = is_right
            && SSL_CTX_set_alpn_protos(context, settings->protocols, (unsigned)settings->protocols_count) == 0;
    if (settings->credentials)
        is_right = is_right
            && SSL_CTX_use_cert_and_key(
                   context, settings->credentials->leaf, settings->credentials->key, settings->credentials->issuers,
                   1) == 1;
    if (is_right) return context;
    SSL_CTX_free(context);
    return NULL;
}

#endif
