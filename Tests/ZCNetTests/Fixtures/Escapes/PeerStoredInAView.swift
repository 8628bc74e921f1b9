// expect: cannot return a ~Escapable result
import ZCNet

struct Box: ~Copyable, ~Escapable { let peer: Peer }
