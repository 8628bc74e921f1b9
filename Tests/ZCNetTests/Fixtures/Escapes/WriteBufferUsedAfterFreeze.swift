// expect: 'buffer' used after consume
import ZCNet

func write(_ buffer: consuming WriteBuffer) {
    let frozen = buffer.freeze()
    print(frozen.count, buffer.count)
}
