import ClusterSimulation
import Glibc
import ZCNet

// A node that is to be killed, the reader of its logs, and the judge of what was promised;
// Scripts/cluster-check calls it. Usage: cluster-check node --nats URL,URL --name NAME --publisher NUMBER
// --channels COUNT
//            takes `stop` and `finish` by lines, and ends with its input
//        cluster-check read --nats URL,URL --channels COUNT
//        cluster-check judge FILE ...    what nodes and a reader have said, a file for each life

func option(_ name: String) -> String {
    let arguments = CommandLine.arguments
    guard let index = arguments.firstIndex(of: name), index + 1 < arguments.count else {
        print("expected \(name)")
        exit(2)
    }
    return arguments[index + 1]
}

func message(_ text: Substring) -> ClusterHistory.Message? {
    let parts = text.split(separator: "/").compactMap { Int($0) }
    return parts.count == 2 ? ClusterHistory.Message(publisher: parts[0], number: parts[1]) : nil
}

/// What one life has said, added to the histories of the channels. A last line may be cut short.
func read(_ file: String, into histories: inout [Int: ClusterHistory]) {
    guard let input = fopen(file, "r") else {
        print("expected the file \(file)")
        exit(2)
    }
    defer { fclose(input) }
    var views: [Int: ClusterHistory.View] = [:]
    var isComplete = false
    var buffer = [CChar](repeating: 0, count: 1024)
    while fgets(&buffer, 1024, input) != nil {
        let line = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard line.hasSuffix("\n") else { break }
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\n" })
        if words.first == "complete" { isComplete = true }
        guard words.count >= 3, let channel = Int(words[1]) else { continue }
        if words[0] == "sent", let message = message(words[2]) {
            histories[channel, default: ClusterHistory()].sent.insert(message)
        }
        guard words.count == 4, let sequence = UInt64(words[2]), let message = message(words[3]) else {
            continue
        }
        let numbered = ClusterHistory.Numbered(sequence, message)
        switch words[0] {
        case "ack": histories[channel, default: ClusterHistory()].acknowledged.append(numbered)
        case "log": histories[channel, default: ClusterHistory()].log.append(numbered)
        case "got":
            views[channel, default: ClusterHistory.View(name: "\(file), \(channel)", start: 1)]
                .messages.append(numbered)
        default: break
        }
    }
    for (channel, var view) in views {
        view.isComplete = isComplete
        histories[channel, default: ClusterHistory()].views.append(view)
    }
}

switch CommandLine.arguments.dropFirst().first {
case "node":
    let urls = option("--nats").split(separator: ",").map(String.init)
    let node = try CheckedNode(
        urls, name: option("--name"), publisher: Int(option("--publisher")) ?? 0,
        channels: Int(option("--channels")) ?? 1)
    // Not on the main thread, which reads.
    Task.detached { try await node.begin() }
    while let line = readLine() {
        if line == "stop" { node.stop() }
        if line == "finish" { node.finish() }
    }
case "read":
    let urls = option("--nats").split(separator: ",").map(String.init)
    try await CheckedNode.readLogs(urls, channels: Int(option("--channels")) ?? 1)
case "judge":
    var histories: [Int: ClusterHistory] = [:]
    for file in CommandLine.arguments.dropFirst(2) { read(file, into: &histories) }
    var violations: [String] = []
    for (channel, history) in histories.sorted(by: { $0.key < $1.key }) {
        violations += history.violations().map { "channel \(channel): \($0)" }
    }
    for violation in violations.prefix(50) { print(violation) }
    let all = histories.values
    print(
        "sent \(all.reduce(0) { $0 + $1.sent.count }), "
            + "acknowledged \(all.reduce(0) { $0 + $1.acknowledged.count }), "
            + "in the logs \(all.reduce(0) { $0 + $1.log.count }), "
            + "heard \(all.reduce(0) { $0 + $1.views.reduce(0) { $0 + $1.messages.count } }), "
            + "violations \(violations.count)")
    exit(violations.isEmpty && !histories.isEmpty ? 0 : 1)
default:
    print("expected node, read or judge")
    exit(2)
}
