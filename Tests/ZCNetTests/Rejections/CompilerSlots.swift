/// Lets two compilers run at a time: more would only slow each other, and everybody else, down.
actor CompilerSlots {
    static let shared = CompilerSlots()

    private var free = 2
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func acquire() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func release() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
