import Foundation
import Testing

/// The routes in the sources against the API's description: neither has what the other lacks.
@Suite struct RouteTests {
  private static let service = Tool.packageRoot.appending(path: "Sources/Service/API")

  private func routes() throws -> Set<String> {
    let folder = Self.service.appending(path: "Routes")
    let pattern = /Route\(\s*\.([a-z]+),\s*"([^"]+)",\s*role:\s*(nil|\.[a-z]+)/
    var found = Set<String>()
    for file in try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    {
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: pattern) {
        let role = match.3 == "nil" ? "public" : String(match.3.dropFirst())
        found.insert("\(match.1.uppercased()) \(match.2) \(role)")
      }
    }
    return found
  }

  private func described() throws -> Set<String> {
    let data = try Data(contentsOf: Self.service.appending(path: "openapi.json"))
    let document = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    let paths = try #require(document["paths"] as? [String: [String: Any]])
    var found = Set<String>()
    for (path, operations) in paths {
      for (method, operation) in operations {
        guard let operation = operation as? [String: Any], let role = operation["x-role"] as? String
        else { continue }
        found.insert("\(method.uppercased()) \(path) \(role)")
      }
    }
    return found
  }

  @Test func `every route is described, with its role, and every description has a route`() throws {
    let (routes, described) = (try routes(), try described())
    #expect(routes.count > 50)
    #expect(routes.subtracting(described).sorted() == [])
    #expect(described.subtracting(routes).sorted() == [])
  }
}
