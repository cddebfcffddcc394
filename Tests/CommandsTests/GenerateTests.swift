import Foundation
import Glibc
import Testing

/// A small pipeline with random weights, and the reference's answers for it.
private enum Golden {
  static let folder = Tool.packageRoot.appending(path: "../shared/golden/diffusion").path
  static let exist = FileManager.default.fileExists(atPath: "\(folder)/pipeline.json")
  static let advice: Comment =
    "needs the installed networks (Scripts/install-models) and ../shared/golden/diffusion"

  static func floats(_ path: String) throws -> [Float] {
    let file = try Data(contentsOf: URL(filePath: path))
    let start = 10 + Int(file[8]) + 256 * Int(file[9])
    return stride(from: start, to: file.count, by: 4).map { at in
      let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(file[at + $1]) << UInt32(8 * $1) }
      return Float(bitPattern: bits)
    }
  }

  static func difference(_ a: String, _ b: String) throws -> Float {
    let (left, right) = (try floats(a), try floats(b))
    guard left.count == right.count else { return .infinity }
    return zip(left, right).map { abs($0 - $1) }.max() ?? .infinity
  }

  /// An .npy file of rows of floats.
  static func npy(_ shape: [Int], _ values: [Float]) -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ")
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(sizes),), }"
    if shape.count > 1 { header = header.replacing(",)", with: ")") }
    header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    var file: [UInt8] = [0x93] + [UInt8]("NUMPY\u{1}\0v\0".utf8) + [UInt8](header.utf8)
    for value in values {
      for byte in 0..<4 { file.append(UInt8(truncatingIfNeeded: value.bitPattern >> (8 * byte))) }
    }
    return file
  }
}

extension BuiltProgram {
  /// `generate` and `models add` of a pipeline.
  @Suite(.enabled(if: Golden.exist && Tool.isInstalled, Golden.advice))
  struct GenerateTests {
    let scratch: Scratch
    let tool: Tool

    /// A home with the pipeline, and the runtime of this machine.
    init() throws {
      scratch = try Scratch()
      let environment = ProcessInfo.processInfo.environment
      let home = environment["D2R_HOME"] ?? "\(environment["HOME"] ?? "")/.local/share/d2r-curate"
      try FileManager.default.createDirectory(
        atPath: scratch["home"], withIntermediateDirectories: true)
      try? FileManager.default.createSymbolicLink(
        atPath: scratch["home/runtime"], withDestinationPath: "\(home)/runtime")
      var tool = Tool()
      tool.environment["D2R_HOME"] = scratch["home"]
      self.tool = tool
      let added = tool.run("models", "add", Golden.folder, "--name", "tiny")
      #expect(added.code == 0, "\(added.said)")
    }

    private var identities: String { "\(Golden.folder)/identities.npy" }

    private func generate(_ words: String..., output: String = "out") -> Tool.Result {
      tool.run(
        ["generate", "--identities", identities, "--output", scratch[output]] + words)
    }

    private let golden = ["--noise", "\(Golden.folder)/initial_noise.npy", "--save-latents"]

    @Test func `latents and pictures are the reference's`() throws {
      let result = generate(
        golden[0], golden[1], golden[2], "--save-images", "--delta", "\(Golden.folder)/delta.npy",
        "--json")
      #expect(result.code == 0, "\(result.said)")
      #expect(try result.json()["pictures"]?.int == 2)
      #expect(
        try Golden.difference(scratch["out/latents.npy"], "\(Golden.folder)/latents_delta.npy")
          < 4e-4)
      #expect(
        try Golden.difference(scratch["out/images.npy"], "\(Golden.folder)/images_delta.npy")
          < 3e-5)
      let plain = generate(golden[0], golden[1], golden[2], output: "plain")
      #expect(plain.code == 0, "\(plain.said)")
      #expect(
        try Golden.difference(scratch["plain/latents.npy"], "\(Golden.folder)/latents_plain.npy")
          < 4e-4)
    }

    @Test func `the same command makes only what is missing, with the same bytes`() throws {
      let words = ["--per-identity", "3", "--steps", "3", "--save-latents", "--quiet"]
      func run(_ folder: String) -> Tool.Result {
        tool.run(
          ["generate", "--identities", identities, "--output", scratch[folder], "--json"] + words)
      }
      #expect(run("out").code == 0)
      let before = contents(of: scratch["out"])
      #expect(before.keys.filter { $0.hasSuffix(".png") }.count == 6)
      try FileManager.default.removeItem(atPath: scratch["out/00002.png"])
      try FileManager.default.removeItem(atPath: scratch["out/00005.png"])
      let again = run("out")
      #expect(try again.json()["made"]?.int == 2, "\(again.said)")
      #expect(contents(of: scratch["out"]) == before)
      try FileManager.default.removeItem(atPath: scratch["out/latents.npy"])
      #expect(try run("out").json()["made"]?.int == 6)
      #expect(contents(of: scratch["out"]) == before)
      #expect(try run("out").json()["made"]?.int == 0)
    }

    @Test func `a run that is killed or interrupted goes on to the same bytes`() throws {
      let words = ["--per-identity", "20", "--steps", "50", "--batch", "2", "--save-latents"]
      func start(_ folder: String) -> Tool.Running {
        tool.start(
          ["generate", "--identities", identities, "--output", scratch[folder], "--quiet"] + words)
      }
      #expect(start("whole").wait().code == 0)
      for signal in [SIGINT, SIGKILL] {
        let folder = "cut\(signal)"
        let running = start(folder)
        while running.isRunning,
          !FileManager.default.fileExists(atPath: scratch["\(folder)/00003.png"])
        { usleep(2000) }
        running.send(signal)
        let stopped = running.wait()
        #expect(stopped.code == (signal == SIGINT ? 2 : -SIGKILL), "\(stopped.said)")
        if signal == SIGINT {
          #expect(stopped.err.contains("stopped on request"), "\(stopped.said)")
        }
        let made = contents(of: scratch[folder]).keys.count { $0.hasSuffix(".png") }
        #expect((4..<40).contains(made))
        #expect(start(folder).wait().code == 0)
        #expect(contents(of: scratch[folder]) == contents(of: scratch["whole"]))
      }
    }

    @Test func `the batch and the threads change no byte`() throws {
      for (folder, batch, threads) in [("a", "1", "1"), ("b", "4", "2"), ("c", "3", "3")] {
        let result = generate(
          "--steps", "3", "--per-identity", "3", "--batch", batch, "--threads", threads,
          output: folder)
        #expect(result.code == 0, "\(result.said)")
      }
      #expect(contents(of: scratch["a"]) == contents(of: scratch["b"]))
      #expect(contents(of: scratch["a"]) == contents(of: scratch["c"]))
    }

    @Test func `other settings in the same folder are refused and named`() {
      #expect(generate("--steps", "2").code == 0)
      for words in [["--steps", "3"], ["--guidance", "2"], ["--scheduler", "ddim"]] {
        let result = tool.run(
          ["generate", "--identities", identities, "--output", scratch["out"]] + words)
        #expect(result.code == 2 && result.err.contains("other settings"), "\(result.said)")
        #expect(result.err.contains(words[0].dropFirst(2)), "\(result.said)")
      }
    }

    @Test func `rows without a direction are listed and the rest goes on`() throws {
      var rows = try Golden.floats(identities)
      rows += [Float](repeating: 0, count: 16) + [Float](repeating: .nan, count: 16)
      rows += rows[..<16].map { 3 * $0 }
      let file = try scratch.write(Golden.npy([5, 16], rows), to: "rows.npy")
      let result = tool.run(
        "generate", "--identities", file, "--steps", "2", "--save-latents", "--output",
        scratch["out"])
      #expect(result.code == 1, "\(result.said)")
      #expect(result.out.contains("3 pictures") && result.out.contains("row 2"), "\(result.said)")
      #expect(result.out.contains("row 3") && result.err.contains("1 vectors were not of length 1"))
      let latents = try Golden.floats(scratch["out/latents.npy"])
      #expect(latents.count == 5 * 256)
      #expect(latents[2 * 256].isNaN && latents[3 * 256].isNaN && latents[4 * 256].isFinite)
    }

    @Test func `noise between the steps of lcm can be given`() throws {
      let noise = try Golden.floats("\(Golden.folder)/initial_noise.npy")
      let file = try scratch.write(
        Golden.npy([3, 2, 4, 8, 8], noise + noise + noise), to: "step.npy")
      let words = ["--scheduler", "lcm", "--noise", "\(Golden.folder)/initial_noise.npy"]
      func run(_ folder: String, _ more: [String]) -> Tool.Result {
        tool.run(
          ["generate", "--identities", identities, "--output", scratch[folder], "--save-latents"]
            + words + more)
      }
      #expect(run("given", ["--step-noise", file]).code == 0)
      #expect(run("drawn", []).code == 0)
      #expect(
        try Golden.difference(scratch["given/latents.npy"], scratch["drawn/latents.npy"]) > 0.1)
      let few = try scratch.write(Golden.npy([1, 2, 4, 8, 8], noise), to: "few.npy")
      let refused = run("few", ["--step-noise", few])
      #expect(refused.code == 2 && refused.err.contains("noise for 3 steps"), "\(refused.said)")
    }

    @Test func `a dry run says what it would take and writes nothing`() {
      let result = generate("--dry-run")
      #expect(result.code == 0 && result.out.contains("would make 2 of 2"), "\(result.said)")
      #expect(result.out.contains("memory: at least") && result.out.contains("free"))
      #expect(!FileManager.default.fileExists(atPath: scratch["out"]))
    }

    @Test func `inputs that do not fit are refused with the sizes`() throws {
      let wide = try scratch.write(
        Golden.npy([1, 17], [Float](repeating: 1, count: 17)), to: "wide.npy")
      let width = tool.run("generate", "--identities", wide, "--output", scratch["out"])
      #expect(width.code == 2 && width.err.contains("16"), "\(width.said)")
      let noise = try Golden.floats("\(Golden.folder)/initial_noise.npy")
      let turned = try scratch.write(Golden.npy([2, 8, 8, 4], noise), to: "turned.npy")
      let steps = try scratch.write(Golden.npy([1, 2, 4, 8, 8], noise), to: "steps.npy")
      for (words, said) in [
        (["--noise", identities], "not [2, channels, height, width]"),
        (["--noise", turned], "shape [8, 8, 4]"),
        (["--step-noise", steps], "--step-noise is for lcm"),
        (["--delta", identities], "Δ has shape 2 × 16"),
        (["--steps", "5000"], "steps"), (["--scheduler", "lcm", "--steps", "51"], "1 to 50"),
        (["--model", "none"], "none"),
      ] {
        let result = tool.run(
          ["generate", "--identities", identities, "--output", scratch["out"]] + words)
        #expect(result.code == 2 && result.err.contains(said), "\(words): \(result.said)")
      }
      let absent = tool.run(
        "generate", "--identities", "/nonexistent.npy", "--output", scratch["out"])
      #expect(absent.code == 2 && absent.err.contains("nonexistent"), "\(absent.said)")
      let strength = generate("--strength", "2")
      #expect(strength.code == 64 && strength.err.contains("--delta"), "\(strength.said)")
      #expect(!FileManager.default.fileExists(atPath: scratch["out"]))
    }

    @Test func `a pipeline that is incomplete, damaged or asks for more is not installed`() throws {
      func folder(_ name: String) throws -> String {
        for file in [
          "text_encoder.onnx", "unet.onnx", "vae_decoder.onnx", "uncond.npy", "pipeline.json",
        ] {
          let path = try scratch.copy("\(Golden.folder)/\(file)", to: "\(name)/\(file)")
          try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        }
        return scratch[name]
      }
      let partial = try folder("partial")
      try FileManager.default.removeItem(atPath: "\(partial)/unet.onnx")
      let missing = tool.run("models", "add", partial)
      #expect(missing.code == 2 && missing.err.contains("unet.onnx is missing"), "\(missing.said)")
      let swapped = try folder("swapped")
      try FileManager.default.removeItem(atPath: "\(swapped)/vae_decoder.onnx")
      try scratch.copy("\(Golden.folder)/unet.onnx", to: "swapped/vae_decoder.onnx")
      let unfit = tool.run("models", "add", swapped)
      #expect(unfit.code == 2 && unfit.err.contains("must take a latent"), "\(unfit.said)")
      let karras = try folder("karras")
      let json = try String(contentsOfFile: "\(karras)/pipeline.json", encoding: .utf8)
      try scratch.write(
        json.replacing("\"use_karras_sigmas\": false", with: "\"use_karras_sigmas\": true"),
        to: "karras/pipeline.json")
      let other = tool.run("models", "add", karras)
      #expect(other.code == 2 && other.err.contains("use_karras_sigmas"), "\(other.said)")
      try scratch.write("{", to: "karras/pipeline.json")
      #expect(tool.run("models", "add", karras).code == 2)
      let lean = try folder("lean")
      try FileManager.default.removeItem(atPath: "\(lean)/uncond.npy")
      #expect(tool.run("models", "add", lean).code == 0)
      let guided = generate("--model", "lean")
      #expect(guided.code == 2 && guided.err.contains("unconditional"), "\(guided.said)")
      #expect(generate("--model", "lean", "--guidance", "1", "--steps", "2").code == 0)
      try Data("x".utf8).write(to: URL(filePath: scratch["home/models/lean/unet.onnx"]))
      let damaged = generate("--model", "lean", "--guidance", "1", "--steps", "2")
      #expect(damaged.code == 2 && damaged.err.contains("SHA-256"), "\(damaged.said)")
      #expect(tool.run("models", "verify").code == 1)
    }
  }
}
