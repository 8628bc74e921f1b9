/// What tests of applications stand on: networks made up from a seed, with faults and virtual time.
@_exported public import ZCNet
@_exported public import ZCNetWebSocket
