import Foundation
import Testing
import ZCNet
import ZCNetTesting

@testable import ZCNetWebSocket

/// The names that documents and the dashboard look for are those that a server has.
@Suite struct DashboardTests {
    private static let documents = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Docs")

    /// Every name of `/metrics`, those of a histogram's parts among them, and the labels of each.
    private static func names() throws -> [String: Set<String>] {
        let site = try ServerFiguresTests.site()
        defer { site.network.stop() }
        let text = site.server.snapshot().prometheusText() + site.server.webSocketSnapshot().prometheusText()
        var names: [String: Set<String>] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let name = String(line.prefix { $0 != "{" && $0 != " " })
            let labels = line.matches(of: /[{,]([a-z]+)="/).map { String($0.1) }
            names[name, default: []].formUnion(labels)
            // The family itself, by which documents speak of a histogram.
            if name.hasSuffix("_bucket") { names[String(name.dropLast(7))] = [] }
        }
        return names
    }

    private static func expressions(_ value: Any) -> [String] {
        switch value {
        case let object as [String: Any]:
            object.flatMap { $0 == "expr" ? [$1 as? String ?? ""] : expressions($1) }
        case let list as [Any]: list.flatMap(expressions)
        default: []
        }
    }

    @Test func theDashboardAsksForWhatIsThere() throws {
        let data = try Data(contentsOf: Self.documents.appendingPathComponent("production/grafana.json"))
        let expressions = Self.expressions(try JSONSerialization.jsonObject(with: data))
        let names = try Self.names()
        #expect(expressions.count >= 20)
        for expression in expressions {
            let asked = expression.matches(of: /zcnet_[a-z_]+/).map { String($0.0) }
            #expect(asked.count == 1, "\(expression)")
            let labels = asked.first.flatMap { names[$0] }
            guard let labels else {
                Issue.record("\(expression): no such figure")
                continue
            }
            // What is summed by, and what is selected by.
            let wanted = expression.matches(of: /by \(([a-z, ]+)\)/).flatMap { $0.1.split(separator: /, */) }
            let selected = expression.matches(of: /\{([a-z]+)=/).map { $0.1 }
            for label in wanted + selected where !labels.contains(String(label)) {
                Issue.record("\(expression): \(asked) has no label \(label), but \(labels.sorted())")
            }
        }
    }

    @Test func documentsNameFiguresThatAreThere() throws {
        let names = try Self.names()
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.documents.path)
        var count = 0
        for file in files where file.hasSuffix(".md") {
            let text = try String(contentsOf: Self.documents.appendingPathComponent(file), encoding: .utf8)
            // Other modules' figures have tests of their own.
            for match in text.matches(of: /`(zcnet_[a-z_]+)/) where !match.1.hasPrefix("zcnet_goim_") {
                count += 1
                #expect(names[String(match.1)] != nil, "\(file) names \(match.1)")
            }
        }
        #expect(count >= 10)
    }
}
