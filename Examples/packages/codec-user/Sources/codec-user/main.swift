import ZCSBE

// The schema `quote.sbe.xml` beside this file is compiled by the plugin.
func run() throws {
    var memory = [UInt8](repeating: 0, count: 64)
    var span = memory.mutableSpan
    var bytes = span.mutableBytes
    let count = try Quote.encode(into: &bytes) { quote in
        quote.number = 12
        quote.bid = 100.25
        return quote.finish()
    }
    let quote = try Quote.decode(bytes.bytes.extracting(first: count))
    print("number \(quote.number) bids \(quote.bid) in \(count) bytes, \(Quote.Schema.byteOrder)")
}

try run()
