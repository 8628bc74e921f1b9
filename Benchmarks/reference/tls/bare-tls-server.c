// bare-tls-server PORT CERTIFICATE KEY [paced]: the least that a server with OpenSSL can do for a handshake, as the limit to
// measure against. One thread, epoll, an SSL for each connection, which stays; what it receives it says back. No timers, no
// limits: a limit, not a server. `paced` has one step of a handshake taken between two looks at who else wants something; else
// all that are ready are taken. Prints "listening on 127.0.0.1:PORT".
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS_MAX = 256, WAITING_MAX = 1 << 16 };

static int poller, is_paced;
static SSL_CTX *context;
// Whose step is next; each is in the row once, told by its app data.
static SSL *waiting[WAITING_MAX];
static unsigned first, end_of_row;

static void end(SSL *ssl) {
    int descriptor = SSL_get_fd(ssl);
    SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(ssl);
    close(descriptor);
}

static void accept_all(int listener) {
    int one = 1, descriptor;
    while ((descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        SSL *ssl = SSL_new(context);
        SSL_set_fd(ssl, descriptor);
        SSL_set_accept_state(ssl);
        struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.ptr = ssl};
        epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event);
    }
}

static void serve(SSL *ssl) {
    static char room[65536];
    int got = 0;
    ERR_clear_error();
    while ((got = SSL_read(ssl, room, sizeof room)) > 0)
        if (SSL_write(ssl, room, got) <= 0) return end(ssl);
    if (SSL_get_error(ssl, got) != SSL_ERROR_WANT_READ) end(ssl);
}

static void serve_in_turn(SSL *ssl) {
    if (!is_paced || !SSL_in_init(ssl)) return serve(ssl);
    if (SSL_get_app_data(ssl)) return;
    SSL_set_app_data(ssl, &waiting);
    waiting[end_of_row++ % WAITING_MAX] = ssl;
}

static void take_step(void) {
    SSL *ssl = waiting[first++ % WAITING_MAX];
    SSL_set_app_data(ssl, NULL);
    serve(ssl);
}

int main(int count, char **words) {
    if (count < 4) return fprintf(stderr, "usage: bare-tls-server PORT CERTIFICATE KEY [paced]\n"), 2;
    is_paced = count > 4;
    signal(SIGPIPE, SIG_IGN);
    context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    if (SSL_CTX_use_certificate_chain_file(context, words[2]) != 1
        || SSL_CTX_use_PrivateKey_file(context, words[3], SSL_FILETYPE_PEM) != 1)
        return fprintf(stderr, "cannot use %s and %s\n", words[2], words[3]), 1;
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(words[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 4096) != 0
        || getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        return perror("listen"), 1;
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, events[EVENTS_MAX];
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int ready = epoll_wait(poller, events, EVENTS_MAX, first == end_of_row ? -1 : 0);
        if (ready < 0 && errno != EINTR) return perror("epoll_wait"), 1;
        for (int i = 0; i < ready; i++) {
            if (events[i].data.ptr) serve_in_turn(events[i].data.ptr);
            else accept_all(listener);
        }
        if (first != end_of_row) take_step();
    }
}
