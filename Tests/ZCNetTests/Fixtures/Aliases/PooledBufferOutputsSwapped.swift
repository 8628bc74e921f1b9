// expect: lifetime-dependent
import ZCNet

func carry(_ first: inout PooledBuffer, _ second: inout PooledBuffer) {
    first.append { one in
        second.append { two in
            let kept = one
            one = two
            two = kept
        }
    }
}
