// expect: overlapping accesses to 'producer'
import ZCNet

func fill(_ producer: inout SlotRing<[Int]>.Producer) {
    _ = producer.set { first in
        let view = first.span
        _ = producer.set { second in second = [] }
        print(view[0])
    }
}
