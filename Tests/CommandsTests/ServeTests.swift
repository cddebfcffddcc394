import Foundation
import Glibc
import Testing

extension BuiltDaemon {
  /// The daemon's own verbs, and what they refuse.
  struct ServeTests {
    let scratch: Scratch
    let place: Workplace

    init() throws {
      scratch = try Scratch()
      place = Workplace.new(in: scratch)
    }

    @Test func `a token is shown once, listed without it, and revoked`() throws {
      let made = place.run("token", "create", "ada", "--role", "curator")
      #expect(made.code == 0, "\(made.said)")
      let text = made.out.trimmingCharacters(in: .newlines)
      #expect(text.hasPrefix("d2r_") && text.count == 68)
      let twice = place.run("token", "create", "ada")
      #expect(twice.code == 2, "\(twice.said)")
      let listed = place.run("token", "list")
      #expect(listed.out.contains("curator  ada"), "\(listed.said)")
      #expect(!listed.out.contains(text))
      #expect(place.run("token", "revoke", "ada").code == 0)
      #expect(place.run("token", "list").out.contains("revoked"))
      #expect(place.run("token", "revoke", "ada").code == 2)
    }

    @Test func `it says where it listens, answers there, and stops in order`() throws {
      #expect(place.run("status", "--daemon").code == 1)
      let running = place.start(["serve", "--listen", "127.0.0.1:0", "--print-link"])
      var status = place.run("status", "--daemon", "--json")
      let end = Date.now.addingTimeInterval(100)
      while !status.out.contains("\"address\""), Date.now < end {
        status = place.run("status", "--daemon", "--json")
      }
      let daemon = try #require(try status.json()["daemon"])
      #expect(daemon["answers"]?.bool == true, "\(status.said)")
      let address = daemon["address"]?.string ?? "none"
      running.send(SIGSTOP)
      let stuck = place.run("status", "--daemon")
      running.send(SIGCONT)
      #expect(stuck.code == 1)
      #expect(stuck.out.contains("daemon: at \(address), does not answer"), "\(stuck.said)")
      running.send(SIGTERM)
      let result = running.wait()
      #expect(result.code == 0, "\(result.said)")
      #expect(result.out.hasPrefix("listening on \(address)\n"), "\(result.said)")
      #expect(result.out.contains("/#token=d2r_"))
      #expect(result.err.contains("\"event\":\"stopped\""), "\(result.said)")
      #expect(place.run("status", "--daemon").out.hasPrefix("daemon: does not run\n"))
    }

    @Test func `beyond this machine it wants a token and TLS, or to be told`() throws {
      let open = place.run("serve", "--listen", "0.0.0.0:0")
      #expect(open.code == 2, "\(open.said)")
      #expect(open.err.contains("a token that anybody could use"), "\(open.said)")
      #expect(place.run("token", "create", "ada").code == 0)
      let plain = place.run("serve", "--listen", "0.0.0.0:0")
      #expect(plain.code == 2, "\(plain.said)")
      #expect(plain.err.contains("without TLS"), "\(plain.said)")
    }

    @Test func `what it asks beside itself is answered line by line`() throws {
      let asked = place.run(["serve", "desk"])
      #expect(asked.code == 0, "\(asked.said)")
      #expect(asked.out.isEmpty)
    }
  }
}
