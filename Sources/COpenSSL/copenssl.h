/// The few functions of the system's OpenSSL 3 that ZCNetTLS stands on. Everything of OpenSSL stays behind them.
#ifndef COPENSSL_H
#define COPENSSL_H

#include "copenssl_context.h"
#include "copenssl_credentials.h"
#include "copenssl_handshake.h"
#include "copenssl_records.h"

#endif
