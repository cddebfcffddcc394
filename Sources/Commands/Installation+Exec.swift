import Domain
import Execution
import FaceEncoding
import FaceGeneration
import Files

extension Installation {
  /// Variables every program gets to see: those it is found, written and read by.
  private static let usualVariables = ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ"]

  /// A generator that is a user's own program; its files are checked, nothing is started.
  func execGenerator(_ model: InstalledModel) throws -> ExecGenerator {
    guard let exec = model.manifest.exec else {
      throw EncodingError(.manifestInvalid, "model \(model.name): field 'exec' is missing")
    }
    for part in model.manifest.parts { _ = try model.bytes(of: part) }
    let input =
      model.manifest.latent.map { GeneratorInput(.latent, width: $0) }
      ?? GeneratorInput(.identity, width: model.manifest.identity ?? 0)
    var description = ExecDescription(
      name: model.name, digest: model.digest, input: input, program: program(of: model, exec))
    description.width = model.manifest.output?.width
    description.height = model.manifest.output.map { $0.height ?? $0.width }
    description.batch = exec.batch
    description.workers = exec.workers
    description.startSeconds = exec.startSeconds
    description.batchSeconds = exec.timeoutSeconds
    return ExecGenerator(description)
  }

  private func program(of model: InstalledModel, _ exec: ModelManifest.Exec) -> ChildProgram {
    let folder = Paths.absolute(model.folder)
    var command = exec.command.map { $0.replacing(ModelManifest.Exec.folderWord, with: folder) }
    if let program = command.first, program.contains("/") {
      command[0] = Paths.join(folder, program)
    }
    let names = Self.usualVariables + exec.environment
    return ChildProgram(
      command, folder: folder, environment: environment.filter { names.contains($0.key) })
  }

  /// Every model with its files compared with their SHA-256, and every program started and asked
  /// whether it is ready.
  func verified() -> [ModelEntry] {
    models.verify().map { entry in
      guard let model = entry.model, model.manifest.kind == .exec else { return entry }
      do {
        _ = try execGenerator(model).shakeHands()
        return entry
      } catch {
        let explained = error as? any ExplainedError
        return ModelEntry(
          name: entry.name, path: entry.path, model: model,
          problem: EncodingError(
            .networkUnfit, explained?.message ?? "\(error)", hint: explained?.hint))
      }
    }
  }
}
