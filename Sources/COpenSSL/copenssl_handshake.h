/// Handshakes of TLS by `SSL`, which reads from and writes to memory of the loop, and the two ways on from there:
/// secrets and sequence numbers for records that are sealed and opened without an SSL object (TLS 1.3), or the `SSL`
/// itself, kept (TLS 1.2).
///
/// A loop's side belongs to one loop; nothing here is thread-safe but the contexts.
#ifndef COPENSSL_HANDSHAKE_H
#define COPENSSL_HANDSHAKE_H

#include "copenssl_context.h"

// MARK: The loop's side

/// What every handshake of a loop needs. `input` is set for the length of a step; `output` is what steps have written
/// and nobody has taken yet.
struct ztls_loop {
    BIO_METHOD *method;
    BIO *bio;
    const uint8_t *input;
    size_t input_count;
    uint8_t *output;
    size_t output_count, output_room;
    /// Whose handshakes begin now, and the loop's own contexts for its sites, made when they are first needed.
    const struct ztls_house *house;
    SSL_CTX **contexts;
    size_t contexts_count;
    /// A record's worth of scratch, for one call at a time.
    uint8_t scratch[ZTLS_HEADER + ZTLS_BODY_MAX];
};

enum { ZTLS_SESSIONS_MAX = 4 };

/// One handshake, and what is kept of it as long as there is an `SSL`.
struct ztls_shake {
    SSL *ssl;
    struct ztls_loop *loop;
    /// The secrets that the key log has told so far, with the records sent under the last one; NULL once they are
    /// somebody else's.
    struct ztls_pair *pair;
    bool is_server, has_receiving, has_sending;
    /// Whether its context is one of the loop's own, so that nobody else reads it.
    bool has_own_context;
    /// The alert that was sent or received last, or -1.
    int sent_alert, received_alert;
    /// The certificate that was not accepted, and why (X509_V_ERR_...); NULL and 0.
    X509 *blamed;
    int blame;
    /// What a client may come back with, newest last, not fetched yet.
    SSL_SESSION *sessions[ZTLS_SESSIONS_MAX];
    int sessions_count;
};

static inline int ztls_bio_read(BIO *bio, char *room, int count) {
    struct ztls_loop *loop = (struct ztls_loop *)BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (loop->input_count == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t taken = (size_t)count < loop->input_count ? (size_t)count : loop->input_count;
    memcpy(room, loop->input, taken);
    loop->input += taken;
    loop->input_count -= taken;
    return (int)taken;
}

static inline int ztls_bio_write(BIO *bio, const char *bytes, int count) {
    struct ztls_loop *loop = (struct ztls_loop *)BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (loop->output_room - loop->output_count < (size_t)count) {
        size_t room = 2 * loop->output_room + (size_t)count;
        uint8_t *larger = (uint8_t *)realloc(loop->output, room);
        if (!larger) return -1;
        loop->output = larger;
        loop->output_room = room;
    }
    memcpy(loop->output + loop->output_count, bytes, (size_t)count);
    loop->output_count += (size_t)count;
    return count;
}

static inline long ztls_bio_ctrl(BIO *bio, int command, long number, void *pointer) {
    (void)bio, (void)number, (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

/// Forgets the loop's own contexts; handshakes that have one keep it.
static inline void ztls_leave_house(struct ztls_loop *loop) {
    for (size_t i = 0; i < loop->contexts_count; i++) SSL_CTX_free(loop->contexts[i]);
    free(loop->contexts);
    loop->contexts = NULL;
    loop->contexts_count = 0;
    loop->house = NULL;
}

static inline void ztls_loop_free(struct ztls_loop *loop) {
    if (!loop) return;
    ztls_leave_house(loop);
    BIO_free(loop->bio);
    BIO_meth_free(loop->method);
    OPENSSL_cleanse(loop->output, loop->output_room);
    free(loop->output);
    OPENSSL_cleanse(loop, sizeof *loop);
    free(loop);
}

static inline struct ztls_loop *ztls_loop_make(void) {
    struct ztls_loop *loop = (struct ztls_loop *)calloc(1, sizeof *loop);
    if (!loop) return NULL;
    loop->method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "loop");
    if (loop->method) {
        BIO_meth_set_read(loop->method, ztls_bio_read);
        BIO_meth_set_write(loop->method, ztls_bio_write);
        BIO_meth_set_ctrl(loop->method, ztls_bio_ctrl);
        loop->bio = BIO_new(loop->method);
    }
    if (!loop->bio) {
        ztls_loop_free(loop);
        return NULL;
    }
    BIO_set_data(loop->bio, loop);
    BIO_set_init(loop->bio, 1);
    return loop;
}

static inline uint8_t *ztls_scratch(struct ztls_loop *loop) { return loop->scratch; }

// MARK: Callbacks

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
    if (!shake || !shake->pair) return;
    struct ztls_half *server = shake->is_server ? &shake->pair->sending : &shake->pair->receiving;
    struct ztls_half *client = shake->is_server ? &shake->pair->receiving : &shake->pair->sending;
    struct ztls_half *half = NULL;
    if (ztls_read_secret(line, "SERVER_TRAFFIC_SECRET_0", server->secret)) half = server;
    else if (ztls_read_secret(line, "CLIENT_TRAFFIC_SECRET_0", client->secret)) half = client;
    if (!half) return;
    half->sequence = 0;
    if (half == &shake->pair->sending) shake->has_sending = true;
    else shake->has_receiving = true;
    if (shake->has_own_context) SSL_CTX_set_keylog_callback(SSL_get_SSL_CTX(ssl), NULL);
}

/// Counts the records that leave under the last key (a server's tickets), and notes alerts. Has the secrets told that
/// are wanted.
///
/// Why not all of them: OpenSSL prints each to letters first, 7 us, and there are five in a handshake. The two of a
/// server that are wanted come next behind a Finished, its own behind the one that it has sent, the client's behind the
/// one that it has received.
static inline void ztls_on_message(
    int is_sent, int version, int type, const void *bytes, size_t count, SSL *ssl, void *argument) {
    (void)version, (void)argument;
    struct ztls_shake *shake = (struct ztls_shake *)SSL_get_app_data(ssl);
    if (!shake) return;
    if (type == SSL3_RT_HANDSHAKE && count > 0 && *(const uint8_t *)bytes == SSL3_MT_FINISHED && shake->has_own_context
        && SSL_version(ssl) == TLS1_3_VERSION)
        SSL_CTX_set_keylog_callback(SSL_get_SSL_CTX(ssl), ztls_on_key_log);
    // Why servers only: a client's last secret is told before its Finished leaves, which goes under the one before.
    if (is_sent && type == SSL3_RT_HEADER && shake->is_server && shake->pair && shake->has_sending)
        shake->pair->sending.sequence++;
    if (type == SSL3_RT_ALERT && count == 2) {
        int alert = ((const uint8_t *)bytes)[1];
        if (is_sent) shake->sent_alert = alert;
        else shake->received_alert = alert;
    }
}

/// Notes which certificate is wrong, and leaves it at that.
static inline int ztls_on_verified(int is_right, X509_STORE_CTX *verification) {
    if (is_right) return 1;
    const SSL *ssl =
        (const SSL *)X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct ztls_shake *shake = ssl ? (struct ztls_shake *)SSL_get_app_data(ssl) : NULL;
    X509 *certificate = X509_STORE_CTX_get_current_cert(verification);
    if (!certificate) certificate = X509_STORE_CTX_get0_cert(verification);
    if (shake && !shake->blame) {
        shake->blame = X509_STORE_CTX_get_error(verification);
        if (certificate && X509_up_ref(certificate)) shake->blamed = certificate;
    }
    return 0;
}

/// Looks at the staple that a server has shown, once its certificate was verified; 0 refuses it.
static inline int ztls_on_staple(SSL *ssl, void *roots) {
    struct ztls_shake *shake = (struct ztls_shake *)SSL_get_app_data(ssl);
    STACK_OF(X509) *chain = SSL_get0_verified_chain(ssl);
    const uint8_t *bytes = NULL;
    long count = SSL_get_tlsext_status_ocsp_resp(ssl, &bytes);
    if (!shake || !chain || !bytes || count <= 0 || sk_X509_num(chain) < 1) return 1;
    X509 *leaf = sk_X509_value(chain, 0);
    if (!ztls_staple_revokes(bytes, (size_t)count, leaf, chain, (X509_STORE *)roots)) return 1;
    shake->blame = X509_V_ERR_CERT_REVOKED;
    if (!shake->blamed && X509_up_ref(leaf)) shake->blamed = leaf;
    return 0;
}

static inline int ztls_on_session(SSL *ssl, SSL_SESSION *session) {
    struct ztls_shake *shake = (struct ztls_shake *)SSL_get_app_data(ssl);
    if (!shake || shake->sessions_count == ZTLS_SESSIONS_MAX) return 0;
    shake->sessions[shake->sessions_count++] = session;
    return 1;
}

// MARK: One handshake

static inline void ztls_pair_wipe(struct ztls_pair *pair) {
    if (!pair) return;
    OPENSSL_cleanse(pair, sizeof *pair);
    free(pair);
}

static inline void ztls_shake_free(struct ztls_shake *shake) {
    if (!shake) return;
    if (shake->ssl) {
        // Or the session would be taken for a bad one.
        SSL_set_shutdown(shake->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
        SSL_free(shake->ssl);
    }
    for (int i = 0; i < shake->sessions_count; i++) SSL_SESSION_free(shake->sessions[i]);
    X509_free(shake->blamed);
    ztls_pair_wipe(shake->pair);
    free(shake);
}

// MARK: A loop's own contexts

/// The loop's own context for a site of the house that it is in, or NULL.
///
/// Why there are any: what a context calls back may be changed within a handshake only where no other thread reads it.
/// And the threads do not count its uses in the same memory.
static inline SSL_CTX *ztls_own_context(struct ztls_loop *loop, const struct ztls_house *house, size_t index) {
    if (loop->house != house) return NULL;
    if (loop->contexts[index]) return loop->contexts[index];
    const struct ztls_site *site = &house->sites[index];
    STACK_OF(X509) *issuers = NULL;
    SSL_CTX_get0_chain_certs(site->context, &issuers);
    struct ztls_credentials credentials = {
        SSL_CTX_get0_certificate(site->context), issuers, SSL_CTX_get0_privatekey(site->context)};
    SSL_CTX *own = SSL_CTX_new(TLS_server_method());
    if (own && ztls_configure_site(own, house, site, &credentials, site->context)) {
        SSL_CTX_set_keylog_callback(own, NULL);
        loop->contexts[index] = own;
        return own;
    }
    SSL_CTX_free(own);
    ERR_clear_error();
    return NULL;
}

/// What handshakes of a house begin with on this loop, which keeps it alive until it enters another: the loop's own
/// context, or the one of all loops where there is no memory.
static inline SSL_CTX *ztls_enter_house(struct ztls_loop *loop, const struct ztls_house *house) {
    if (loop->house != house) {
        ztls_leave_house(loop);
        loop->contexts = (SSL_CTX **)calloc(house->sites_count, sizeof *loop->contexts);
        if (!loop->contexts) return house->sites[0].context;
        loop->contexts_count = house->sites_count;
        loop->house = house;
    }
    SSL_CTX *own = ztls_own_context(loop, house, 0);
    return own ? own : house->sites[0].context;
}

/// What a handshake goes on with that is for another site. One that began before its loop entered another house goes
/// on with the context of all loops.
static inline SSL_CTX *ztls_context_for(SSL *ssl, const struct ztls_house *house, size_t index) {
    struct ztls_shake *shake = (struct ztls_shake *)SSL_get_app_data(ssl);
    SSL_CTX *own = shake && shake->has_own_context ? ztls_own_context(shake->loop, house, index) : NULL;
    if (shake) shake->has_own_context = own != NULL;
    return own ? own : house->sites[index].context;
}

/// One side's handshake; NULL where there is no memory.
static inline struct ztls_shake *ztls_shake_make(struct ztls_loop *loop, SSL_CTX *context, bool is_server) {
    struct ztls_shake *shake = (struct ztls_shake *)calloc(1, sizeof *shake);
    if (!shake) return NULL;
    shake->loop = loop;
    shake->is_server = is_server;
    shake->has_own_context = is_server && loop->contexts_count > 0 && context == loop->contexts[0];
    shake->sent_alert = shake->received_alert = -1;
    shake->pair = (struct ztls_pair *)calloc(1, sizeof *shake->pair);
    shake->ssl = SSL_new(context);
    if (!shake->pair || !shake->ssl || !SSL_set_app_data(shake->ssl, shake)) {
        ztls_shake_free(shake);
        return NULL;
    }
    BIO_up_ref(loop->bio);
    SSL_set_bio(shake->ssl, loop->bio, loop->bio);
    if (is_server) SSL_set_accept_state(shake->ssl);
    else SSL_set_connect_state(shake->ssl);
    return shake;
}

/// Names whom a client wants to talk to: a host, which is asked for too (RFC 6066, 3), or an address. `verifies` has
/// the certificate checked for it: DNS names with wildcards of a whole label alone (RFC 6125, 6.4.3), or addresses.
static inline bool ztls_shake_expect(struct ztls_shake *shake, const char *name, bool is_address, bool verifies) {
    if (!is_address && SSL_set_tlsext_host_name(shake->ssl, name) != 1) return false;
    if (!verifies) return true;
    // RFC 6066, 8.
    if (SSL_set_tlsext_status_type(shake->ssl, TLSEXT_STATUSTYPE_ocsp) != 1) return false;
    X509_VERIFY_PARAM *parameters = SSL_get0_param(shake->ssl);
    if (is_address) return X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1;
    X509_VERIFY_PARAM_set_hostflags(
        parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    return X509_VERIFY_PARAM_set1_host(parameters, name, 0) == 1;
}

enum ztls_progress : int { ZTLS_WANTS_MORE = 0, ZTLS_IS_DONE = 1, ZTLS_HAS_FAILED = 2 };

/// Goes on with what was received. `taken` says how many bytes that used: all of them unless the handshake is over.
static inline enum ztls_progress ztls_shake_step(
    struct ztls_loop *loop, struct ztls_shake *shake, const void *bytes, size_t count, size_t *taken) {
    loop->input = (const uint8_t *)bytes;
    loop->input_count = count;
    ERR_clear_error();
    int result = SSL_do_handshake(shake->ssl);
    *taken = count - loop->input_count;
    loop->input = NULL;
    loop->input_count = 0;
    // One that failed may have waited for a secret.
    if (shake->has_own_context) SSL_CTX_set_keylog_callback(SSL_get_SSL_CTX(shake->ssl), NULL);
    if (result == 1) return ZTLS_IS_DONE;
    return SSL_get_error(shake->ssl, result) == SSL_ERROR_WANT_READ ? ZTLS_WANTS_MORE : ZTLS_HAS_FAILED;
}

/// What a handshake came to, once it is done.
struct ztls_outcome {
    /// Both directions, whose owner the caller is; NULL where the connection goes on with its SSL.
    struct ztls_pair *pair;
    int suite;
    /// The most content of a record that the peer takes.
    uint16_t content_max;
};

/// Takes the keys out of a handshake that is done, where the connection can go on without its SSL.
static inline struct ztls_outcome ztls_graduate(struct ztls_bench *bench, struct ztls_shake *shake) {
    struct ztls_outcome outcome = {NULL, -1, ZTLS_CONTENT_MAX};
    SSL *ssl = shake->ssl;
    const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);
    // RFC 6066, 4.
    const SSL_SESSION *session = SSL_get_session(ssl);
    unsigned limit = session ? SSL_SESSION_get_max_fragment_length(session) : 0;
    if (limit >= 1 && limit <= 4) outcome.content_max = (uint16_t)(256u << limit);
    if (cipher) outcome.suite = ztls_suite_index(SSL_CIPHER_get_protocol_id(cipher));
    bool can_leave = SSL_version(ssl) == TLS1_3_VERSION && outcome.suite >= 0 && shake->has_receiving
        && shake->has_sending && !SSL_has_pending(ssl) && SSL_want(ssl) == SSL_NOTHING
        && SSL_get_early_data_status(ssl) != SSL_EARLY_DATA_ACCEPTED
        && ztls_derive(bench, outcome.suite, &shake->pair->receiving)
        && ztls_derive(bench, outcome.suite, &shake->pair->sending);
    if (can_leave) outcome.pair = shake->pair;
    else ztls_pair_wipe(shake->pair);
    shake->pair = NULL;
    return outcome;
}

/// Shows a client's `SSL` one more record behind the handshake's, for the ticket that it may hold; records have to come
/// in turn. False where it cannot be used for this any more.
static inline bool ztls_shake_show(
    struct ztls_loop *loop, struct ztls_shake *shake, const uint8_t *record, size_t count) {
    uint8_t none;
    loop->input = record;
    loop->input_count = count;
    ERR_clear_error();
    int result = SSL_read(shake->ssl, &none, 1);
    loop->input = NULL;
    loop->input_count = 0;
    // What it may have to say is said by the record layer.
    loop->output_count = 0;
    return result <= 0 && SSL_get_error(shake->ssl, result) == SSL_ERROR_WANT_READ;
}

// MARK: Connections that keep their SSL

enum ztls_reading : int { ZTLS_READS_ON = 0, ZTLS_PEER_ENDED, ZTLS_READING_FAILED };

/// Opens whole records, in place: what they hold stands at `out`, which may be where they begin, or in front of it.
static inline enum ztls_reading ztls_kept_open(
    struct ztls_loop *loop, struct ztls_shake *shake, const uint8_t *records, size_t count, uint8_t *out,
    size_t *made) {
    const uint8_t *end = records + count;
    int got = 0;
    loop->input = records;
    loop->input_count = count;
    *made = 0;
    ERR_clear_error();
    // There is always room: a record is longer than what it holds, and was copied before that is written.
    while ((got = SSL_read(shake->ssl, out + *made, (int)(end - (out + *made)))) > 0) {
        *made += (size_t)got;
        if (loop->input_count == 0 && SSL_pending(shake->ssl) == 0) break;
    }
    loop->input = NULL;
    loop->input_count = 0;
    // Renegotiation was asked for, and refused (RFC 5746, 4.5): who wants it will not go on without.
    if (shake->sent_alert == SSL_AD_NO_RENEGOTIATION) return ZTLS_READING_FAILED;
    if (got > 0) return ZTLS_READS_ON;
    switch (SSL_get_error(shake->ssl, got)) {
    case SSL_ERROR_WANT_READ: return ZTLS_READS_ON;
    case SSL_ERROR_ZERO_RETURN: return ZTLS_PEER_ENDED;
    default: return ZTLS_READING_FAILED;
    }
}

/// Seals the next `count` bytes, at most `ZTLS_CONTENT_MAX`, as one record, which is at the end of the loop's output
/// then.
static inline bool ztls_kept_seal(
    struct ztls_loop *loop, struct ztls_shake *shake, struct ztls_cursor *cursor, size_t count) {
    const uint8_t *part;
    size_t got = ztls_part(cursor, count, &part);
    if (got < count) {
        // A record's bytes have to lie together.
        memcpy(loop->scratch, part, got);
        while (got < count) {
            size_t more = ztls_part(cursor, count - got, &part);
            memcpy(loop->scratch + got, part, more);
            got += more;
        }
        part = loop->scratch;
    }
    ERR_clear_error();
    return SSL_write(shake->ssl, part, (int)count) == (int)count;
}

/// Says close_notify, into the loop's output.
static inline void ztls_kept_end(struct ztls_shake *shake) {
    ERR_clear_error();
    SSL_shutdown(shake->ssl);
}

// MARK: Names of numbers

static inline const char *ztls_alert_name(int alert) { return SSL_alert_desc_string_long(alert); }

#endif
