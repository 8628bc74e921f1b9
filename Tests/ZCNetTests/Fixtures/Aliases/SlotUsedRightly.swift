// compiles
import ZCNet

struct Request: ~Copyable {
    var number = 0
    var words: [Int] = []
}

struct Full: Error {}

func fill(_ producer: inout SlotRing<Request>.Producer, _ number: Int) throws(Full) {
    let isSet = producer.set { slot in
        slot.number = number
        slot.words.append(number)
    }
    guard isSet else { throw Full() }
    producer.setAdvance()
    producer.signal()
}

func empty(_ consumer: inout SlotRing<Request>.Consumer) -> Int {
    var sum = 0
    while consumer.ready() == .ready {
        while consumer.get({ slot in
            sum += slot.number
            slot.words.removeAll(keepingCapacity: true)
        }) {
            _ = consumer.getAdvance()
        }
    }
    return sum
}
