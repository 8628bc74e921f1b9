// expect: inout arguments are not allowed to alias each other
import ZCNet

func empty(_ consumer: inout SlotRing<[Int]>.Consumer) {
    _ = consumer.get { slot in swap(&slot, &slot) }
}
