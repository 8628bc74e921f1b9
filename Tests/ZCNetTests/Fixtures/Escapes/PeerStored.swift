// expect: cannot return a ~Escapable result
import ZCNet

struct Box: ~Copyable { let peer: Peer }
