// expect: overlapping accesses to 'memory', but modification requires exclusive access
import ZCNet

func receive(into memory: inout ReceiveMemory) {
    let chunk = memory.chunk(count: 1)
    memory.recycle()
    print(chunk.count)
}
