// expect: cannot find 'ChunkPool' in scope
import ZCNet

func receive() -> Int {
    let pool = ChunkPool()
    var memory = ReceiveMemory(pool: pool)
    let queue = try? MailboxQueue<Int>(countMax: 1)
    return memory.chunk(count: 1).count + (queue?.count ?? 0)
}
