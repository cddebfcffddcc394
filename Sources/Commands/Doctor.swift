import Curation
import Diagnostics
import Domain
import Execution
import FaceEncoding
import Files
import Inference
import SQLite
import VectorSearch

/// Examines every part the tool stands on.
struct Doctor {
  /// One part and its state.
  struct Finding: Equatable {
    var part: String
    var isWell: Bool
    var state: String
    var remedy: String?
  }

  /// Less free space than this is worth a word, in bytes.
  static let littleSpace = 2 << 30

  let surroundings: Surroundings

  func examine() -> [Finding] {
    [sqlite(), faiss(), runtime()] + models() + roles() + [machine(), disk(), workspace()]
  }

  private func sqlite() -> Finding {
    Finding(part: "SQLite", isWell: true, state: "version \(Database.libraryVersion)")
  }

  private func faiss() -> Finding {
    check("FAISS", remedy: "apt-get install libfaiss-dev") {
      let unit = Vectors(width: 2, rows: [[1, 0], [0, 1]])
      let found = try FaissIndexBuilder(threads: 1).index(unit).nearest(1, to: unit)
      return found.map(\.target) == [0, 1] ? "answers correctly" : nil
    }
  }

  private func runtime() -> Finding {
    check("ONNX Runtime", remedy: "Scripts/install-models") {
      let runtime = try InferenceRuntime.load()
      return "version \(runtime.version)"
    }
  }

  private func models() -> [Finding] {
    surroundings.installation.verified().map { entry in
      if let model = entry.model, let state = surroundings.installation.remoteState(model) {
        return Finding(
          part: "model \(entry.name)", isWell: state.isWell, state: state.text, remedy: state.hint)
      }
      return Finding(
        part: "model \(entry.name)", isWell: entry.problem == nil,
        state: entry.problem?.message ?? "SHA-256 as in its manifest",
        remedy: entry.problem == nil ? nil : entry.problem?.hint ?? "Scripts/install-models")
    }
  }

  /// A model for each thing the job needs: the one this workspace names, or any.
  private func roles() -> [Finding] {
    let settings = try? surroundings.workspace().settings
    let needs: [(String, ModelManifest.Role, String?, String?)] = [
      ("detector", .detector, nil, settings?.detector),
      ("identity encoder", .encoder, Space.identity, settings?.identityEncoder),
      ("image encoder", .encoder, Space.image, settings?.imageEncoder),
      ("generator", .generator, nil, settings?.generator),
    ]
    return needs.map { part, role, space, name in
      check(part, remedy: "Scripts/install-models, or d2r-curate models add FOLDER") {
        do {
          return try surroundings.installation.model(name, role: role, space: space).name
        } catch let error as EncodingError where error.code == .modelAmbiguous {
          return "several to choose from; name one with d2r-curate init"
        }
      }
    }
  }

  private func machine() -> Finding {
    Finding(
      part: "processors", isWell: true,
      state: "\(Processors.available), using \(surroundings.options.threads)")
  }

  private func disk() -> Finding {
    check("disk space", remedy: "free some space here, or choose another folder") {
      let free = try FileSystem.freeSpace(at: ".")
      return free >= Self.littleSpace ? "\(HumanNumbers.bytes(free)) free here" : nil
    }
  }

  private func workspace() -> Finding {
    do {
      let workspace = try surroundings.workspace()
      return Finding(part: "workspace", isWell: true, state: workspace.settings.name)
    } catch {
      return Finding(part: "workspace", isWell: true, state: "none here (not needed to be well)")
    }
  }

  /// Well when `body` has something to say.
  private func check(_ part: String, remedy: String, _ body: () throws -> String?) -> Finding {
    do {
      guard let state = try body() else {
        return Finding(part: part, isWell: false, state: "not as it should be", remedy: remedy)
      }
      return Finding(part: part, isWell: true, state: state)
    } catch {
      let explained = error as? any ExplainedError
      return Finding(
        part: part, isWell: false, state: explained?.message ?? "\(error)", remedy: remedy)
    }
  }
}
