// expect: overlapping accesses to 'consumer'
import ZCNet

func empty(_ consumer: inout SlotRing<[Int]>.Consumer) {
    _ = consumer.get { slot in
        _ = consumer.getAdvance()
        print(slot.count)
    }
}
