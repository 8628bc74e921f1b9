/// Handshakes of TLS by `SSL`, which reads from and writes to memory of the loop, and the way out of it: secrets and
/// sequence numbers for records that are sealed and opened without an SSL object.
///
/// A server belongs to one loop; nothing here is thread-safe but credentials that were made.
#ifndef COPENSSL_HANDSHAKE_H
#define COPENSSL_HANDSHAKE_H

#include "copenssl_records.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

// MARK: Certificates and keys

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

/// OpenSSL's words for the first thing that went wrong since the last look, or NULL.
static inline const char *ztls_take_complaint(void) {
    const char *words = ERR_reason_error_string(ERR_peek_error());
    ERR_clear_error();
    return words;
}

// MARK: The loop's side

/// What every handshake of a loop needs. `input` is set for the length of a step; `output` is what steps have written
/// and nobody has taken yet.
struct ztls_server {
    SSL_CTX *context;
    BIO_METHOD *method;
    BIO *bio;
    const uint8_t *input;
    size_t input_count;
    uint8_t *output;
    size_t output_count, output_room;
    uint8_t *protocols;
    size_t protocols_count;
};

/// One handshake.
struct ztls_shake {
    SSL *ssl;
    struct ztls_pair *pair;
    bool has_receiving, has_sending;
    /// The alert that was sent or received last, or -1.
    int sent_alert, received_alert;
};

static inline int ztls_bio_read(BIO *bio, char *room, int count) {
    struct ztls_server *server = (struct ztls_server *)BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (server->input_count == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t taken = (size_t)count < server->input_count ? (size_t)count : server->input_count;
    memcpy(room, server->input, taken);
    server->input += taken;
    server->input_count -= taken;
    return (int)taken;
}

static inline int ztls_bio_write(BIO *bio, const char *bytes, int count) {
    struct ztls_server *server = (struct ztls_server *)BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (server->output_room - server->output_count < (size_t)count) {
        size_t room = 2 * server->output_room + (size_t)count;
        uint8_t *larger = (uint8_t *)realloc(server->output, room);
        if (!larger) return -1;
        server->output = larger;
        server->output_room = room;
    }
    memcpy(server->output + server->output_count, bytes, (size_t)count);
    server->output_count += (size_t)count;
    return count;
}

static inline long ztls_bio_ctrl(BIO *bio, int command, long number, void *pointer) {
    (void)bio, (void)number, (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

/// The secret of a line `LABEL random secret` of the key log, in hexadecimal digits; false for other labels.
static inline bool ztls_read_secret(const char *line, const char *label, uint8_t secret[48]) {
    size_t count = strlen(label);
    if (strncmp(line, label, count) || line[count] != ' ') return false;
    const char *digit = strrchr(line, ' ') + 1;
    for (int i = 0; i < 48 && digit[0] && digit[1]; i++, digit += 2) {
        int high = OPENSSL_hexchar2int((unsigned char)digit[0]), low = OPENSSL_hexchar2int((unsigned char)digit[1]);
        if (high < 0 || low < 0) return false;
        secret[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static inline void ztls_on_key_log(const SSL *ssl, const char *line) {
    struct ztls_shake *shake = (struct ztls_shake *)SSL_get_app_data(ssl);
    if (!shake) return;
    if (ztls_read_secret(line, "SERVER_TRAFFIC_SECRET_0", shake->pair->sending.secret)) {
        shake->has_sending = true;
        shake->pair->sending.sequence = 0;
    } else if (ztls_read_secret(line, "CLIENT_TRAFFIC_SECRET_0", shake->pair->receiving.secret)) {
        shake->has_receiving = true;
        shake->pair->receiving.sequence = 0;
    }
}

/// Counts the records that leave under the last key (tickets), and notes alerts.
static inline void ztls_on_message(
    int is_sent, int version, int type, const void *bytes, size_t count, SSL *ssl, void *argument) {
    (void)version, (void)argument;
    struct ztls_shake *shake = (struct ztls_shake *)SSL_get_app_data(ssl);
    if (!shake) return;
    if (is_sent && type == SSL3_RT_HEADER && shake->has_sending) shake->pair->sending.sequence++;
    if (type == SSL3_RT_ALERT && count == 2) {
        int alert = ((const uint8_t *)bytes)[1];
        if (is_sent) shake->sent_alert = alert;
        else shake->received_alert = alert;
    }
}

static inline int ztls_on_protocols(
    SSL *ssl, const unsigned char **chosen, unsigned char *chosen_count, const unsigned char *offered,
    unsigned offered_count, void *argument) {
    struct ztls_server *server = (struct ztls_server *)argument;
    (void)ssl;
    // RFC 7301 3.2: no common protocol is a fatal alert.
    int result = SSL_select_next_proto(
        (unsigned char **)chosen, chosen_count, server->protocols, (unsigned)server->protocols_count, offered,
        offered_count);
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

static inline void ztls_server_free(struct ztls_server *server) {
    if (!server) return;
    BIO_free(server->bio);
    BIO_meth_free(server->method);
    SSL_CTX_free(server->context);
    OPENSSL_cleanse(server->output, server->output_room);
    free(server->output);
    free(server->protocols);
    free(server);
}

enum { ZTLS_TICKET_KEY_BYTES = 80 };

static inline void ztls_wipe(void *bytes, size_t count) { OPENSSL_cleanse(bytes, count); }

static inline bool ztls_random(uint8_t *bytes, size_t count) { return RAND_bytes(bytes, (int)count) == 1; }

static inline bool ztls_server_configure(
    struct ztls_server *server, const struct ztls_credentials *credentials, const uint8_t *ticket_keys,
    size_t tickets) {
    SSL_CTX *context = server->context;
    // Early data is off: max_early_data is 0 by default. Sessions are in tickets, not in memory.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(
        context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA
            | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(
        context,
        SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_keylog_callback(context, ztls_on_key_log);
    SSL_CTX_set_msg_callback(context, ztls_on_message);
    if (server->protocols_count > 0) SSL_CTX_set_alpn_select_cb(context, ztls_on_protocols, server);
    return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1
        && SSL_CTX_set_ciphersuites(
               context, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256") == 1
        && SSL_CTX_set_num_tickets(context, tickets) == 1
        && SSL_CTX_set_session_id_context(context, (const unsigned char *)"zcnet", 5) == 1
        && SSL_CTX_set_tlsext_ticket_keys(context, (void *)ticket_keys, ZTLS_TICKET_KEY_BYTES) == 1
        && SSL_CTX_use_cert_and_key(
               context, credentials->leaf, credentials->key, credentials->issuers, 1) == 1;
}

/// A server for one loop, or NULL and a complaint. `protocols` is in the form of the extension (RFC 7301 3.1).
static inline struct ztls_server *ztls_server_make(
    const struct ztls_credentials *credentials, const uint8_t *protocols, size_t protocols_count,
    const uint8_t *ticket_keys, size_t tickets) {
    ERR_clear_error();
    struct ztls_server *server = (struct ztls_server *)calloc(1, sizeof *server);
    if (!server) return NULL;
    server->context = SSL_CTX_new(TLS_server_method());
    server->method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "loop");
    if (server->method) {
        BIO_meth_set_read(server->method, ztls_bio_read);
        BIO_meth_set_write(server->method, ztls_bio_write);
        BIO_meth_set_ctrl(server->method, ztls_bio_ctrl);
        server->bio = BIO_new(server->method);
    }
    server->protocols = (uint8_t *)malloc(protocols_count + 1);
    if (server->context && server->bio && server->protocols) {
        BIO_set_data(server->bio, server);
        BIO_set_init(server->bio, 1);
        memcpy(server->protocols, protocols, protocols_count);
        server->protocols_count = protocols_count;
        if (ztls_server_configure(server, credentials, ticket_keys, tickets)) return server;
    }
    ztls_server_free(server);
    return NULL;
}

// MARK: One handshake

static inline void ztls_shake_free(struct ztls_shake *shake) {
    if (!shake) return;
    if (shake->ssl) {
        // Or the session would be taken for a bad one.
        SSL_set_shutdown(shake->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
        SSL_free(shake->ssl);
    }
    if (shake->pair) {
        OPENSSL_cleanse(shake->pair, sizeof *shake->pair);
        free(shake->pair);
    }
    free(shake);
}

static inline struct ztls_shake *ztls_shake_make(struct ztls_server *server) {
    struct ztls_shake *shake = (struct ztls_shake *)calloc(1, sizeof *shake);
    if (!shake) return NULL;
    shake->sent_alert = shake->received_alert = -1;
    shake->pair = (struct ztls_pair *)calloc(1, sizeof *shake->pair);
    shake->ssl = SSL_new(server->context);
    if (!shake->pair || !shake->ssl || !SSL_set_app_data(shake->ssl, shake)) {
        ztls_shake_free(shake);
        return NULL;
    }
    BIO_up_ref(server->bio);
    SSL_set_bio(shake->ssl, server->bio, server->bio);
    SSL_set_accept_state(shake->ssl);
    return shake;
}

enum ztls_progress : int { ZTLS_WANTS_MORE = 0, ZTLS_IS_DONE = 1, ZTLS_HAS_FAILED = 2 };

/// Goes on with what was received. `taken` says how many bytes that used: all of them unless the handshake is over.
static inline enum ztls_progress ztls_shake_step(
    struct ztls_server *server, struct ztls_shake *shake, const void *bytes, size_t count, size_t *taken) {
    server->input = (const uint8_t *)bytes;
    server->input_count = count;
    ERR_clear_error();
    int result = SSL_do_handshake(shake->ssl);
    *taken = count - server->input_count;
    server->input = NULL;
    server->input_count = 0;
    if (result == 1) return ZTLS_IS_DONE;
    return SSL_get_error(shake->ssl, result) == SSL_ERROR_WANT_READ ? ZTLS_WANTS_MORE : ZTLS_HAS_FAILED;
}

/// What a handshake came to, once it is done.
struct ztls_outcome {
    /// Both directions, whose owner the caller is; NULL where the connection cannot go on without its SSL.
    struct ztls_pair *pair;
    int suite;
    /// The most content of a record that the peer takes.
    uint16_t content_max;
    bool is_resumed;
};

static inline struct ztls_outcome ztls_graduate(struct ztls_bench *bench, struct ztls_shake *shake) {
    struct ztls_outcome outcome = {NULL, -1, ZTLS_CONTENT_MAX, false};
    SSL *ssl = shake->ssl;
    const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);
    outcome.is_resumed = SSL_session_reused(ssl) == 1;
    // RFC 6066, 4.
    const SSL_SESSION *session = SSL_get_session(ssl);
    unsigned limit = session ? SSL_SESSION_get_max_fragment_length(session) : 0;
    if (limit >= 1 && limit <= 4) outcome.content_max = (uint16_t)(256u << limit);
    if (cipher) outcome.suite = ztls_suite_index(SSL_CIPHER_get_protocol_id(cipher));
    if (SSL_version(ssl) != TLS1_3_VERSION || outcome.suite < 0 || !shake->has_receiving || !shake->has_sending
        || SSL_has_pending(ssl) || SSL_want(ssl) != SSL_NOTHING
        || SSL_get_early_data_status(ssl) == SSL_EARLY_DATA_ACCEPTED)
        return outcome;
    if (!ztls_derive(bench, outcome.suite, &shake->pair->receiving)
        || !ztls_derive(bench, outcome.suite, &shake->pair->sending))
        return outcome;
    outcome.pair = shake->pair;
    shake->pair = NULL;
    // Nothing that SSL still says is about the pair.
    SSL_set_app_data(ssl, NULL);
    return outcome;
}

static inline const char *ztls_alert_name(int alert) { return SSL_alert_desc_string_long(alert); }

#endif
