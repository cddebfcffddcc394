internal import Execution

/// How a job's child is started: the same program again, on the same workspace, with no shell and
/// few variables.
public struct JobLaunch: Sendable {
  /// The program's file.
  public var executable: String
  /// Words between the program's name and the job's.
  public var prefix: [String]
  /// The folder of the workspace.
  public var workspace: String
  /// The daemon's own environment, of which children see a part.
  public var environment: [String: String]

  /// - Parameter executable: this very program unless tests say otherwise, also where its file was
  ///   replaced by a newer one meanwhile.
  public init(
    workspace: String, environment: [String: String], executable: String = "/proc/self/exe"
  ) {
    self.executable = executable
    self.workspace = workspace
    self.environment = environment
    prefix = ["--workspace", workspace, "--json"]
  }

  /// The name of the variable that tells a job's child from all other processes.
  static let mark = "D2R_JOB"

  func program(for job: Job, mark: String) -> ChildProgram {
    // Global options stand first, where a "--" among the arguments cannot hide them.
    let words = prefix + job.verb.split(separator: " ").map(String.init) + job.arguments
    var program = ChildProgram(
      ["d2r-curate"] + words, folder: workspace, environment: variables(for: job, mark: mark))
    program.executable = executable
    return program
  }

  private func variables(for job: Job, mark: String) -> [String: String] {
    var seen = environment.filter { name, _ in
      Self.passed.contains(name) || name.hasPrefix("LC_") || name.hasPrefix("XDG_")
        || (name.hasPrefix("D2R_") && name != "D2R_WORKSPACE")
    }
    seen["USER"] = job.submittedBy
    seen["D2R_PROGRESS"] = "json"
    seen[Self.mark] = mark
    return seen
  }

  private static let passed: Set<String> = [
    "PATH", "HOME", "LANG", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS", "CUDA_VISIBLE_DEVICES", "SSL_CERT_FILE",
  ]
}
