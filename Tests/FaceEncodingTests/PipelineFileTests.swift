import FaceEncoding
import Files
import Testing

/// Folders with a `pipeline.json`; the graphs are stand-ins, which nobody opens here.
struct PipelineFileTests {
  /// Protobuf of an entry that names a file of weights, among other bytes.
  private func graph(namesWeights name: String?) -> [UInt8] {
    let lead = Array("a graph".utf8)
    guard let name else { return lead }
    let entry = [0x0A, 0x08] + Array("location".utf8) + [0x12, UInt8(name.utf8.count)]
    return lead + entry + Array(name.utf8) + lead + entry + Array(name.utf8)
  }

  private func folder(
    _ scratch: TemporaryFolder, _ json: String = "", weights: String? = nil
  ) throws -> String {
    let folder = scratch("pipe")
    try FileSystem.makeFolder(folder)
    try AtomicFile.write(
      text: "{\"identity_width\": 16, \"novel\": [1]\(json)}", to: folder + "/pipeline.json")
    for name in ["text_encoder.onnx", "vae_decoder.onnx", "uncond.npy"] {
      try AtomicFile.write(text: name, to: "\(folder)/\(name)")
    }
    try AtomicFile.write(graph(namesWeights: weights), to: folder + "/unet.onnx")
    return folder
  }

  private func add(_ scratch: TemporaryFolder, _ from: String, name: String? = nil) throws
    -> InstalledModel
  {
    try ModelFolder(root: scratch("models")).add(from: from, name: name)
  }

  @Test func `fields nobody knows are passed over and the usual constants hold`() throws {
    let scratch = try TemporaryFolder()
    let model = try add(scratch, folder(scratch))
    let manifest = model.manifest
    #expect(model.name == "pipe" && manifest.kind == .diffusion && manifest.identity == 16)
    #expect(manifest.diffusion == ModelManifest.Diffusion())
    #expect(manifest.parts == ["text_encoder", "unet", "vae_decoder", "uncond"])
    #expect(ModelFolder(root: scratch("models")).verify().map(\.model) == [model])
    #expect(try model.checkParts() > 0)
    let again = try add(scratch, folder(scratch), name: "other")
    #expect(again.name == "other" && again.digest == model.digest)
  }

  @Test func `constants, names and the driving are taken over`() throws {
    let scratch = try TemporaryFolder()
    let json = """
      , "name": "arc", "licence": "MIT", "source": "here", "identity_encoder": "arcface",
      "scaling_factor": 0.13, "steps": 4, "guidance": 1.0,
      "scheduler": {"class": "LCMScheduler", "config": {"beta_start": 0.001, "beta_end": 0.02,
        "num_train_timesteps": 500, "timestep_spacing": "leading", "lambda_min_clipped": "-inf"}},
      "graphs": {"unet.onnx": {"inputs": {"latent": ["float32", ["batch", 4, 8, 16]],
        "timestep": ["int64", []]}}}
      """
    let manifest = try add(scratch, folder(scratch, json)).manifest
    let diffusion = try #require(manifest.diffusion)
    #expect(manifest.name == "arc" && manifest.licence == "MIT" && manifest.source == "here")
    #expect(manifest.identityEncoder == "arcface")
    #expect(diffusion.latentScale == 0.13 && diffusion.trainingSteps == 500)
    #expect(diffusion.betaStart == 0.001 && diffusion.betaEnd == 0.02)
    #expect(diffusion.scheduler == "lcm" && diffusion.steps == 4 && diffusion.guidance == 1)
    #expect(diffusion.latentHeight == 8 && diffusion.latentWidth == 16)
    #expect(try ModelManifest(json: manifest.json(), name: "again") == manifest)
  }

  @Test(arguments: [
    ("\"class\": \"EulerDiscreteScheduler\"", "class"),
    ("\"config\": {\"prediction_type\": \"v_prediction\"}", "prediction_type"),
    ("\"config\": {\"beta_schedule\": \"linear\"}", "beta_schedule"),
    ("\"config\": {\"use_karras_sigmas\": true}", "use_karras_sigmas"),
    ("\"config\": {\"solver_order\": 3}", "solver_order"),
    ("\"config\": {\"beta_start\": 2}", "betaStart"),
  ])
  func `what this tool does not do is refused by name`(scheduler: String, field: String) throws {
    let scratch = try TemporaryFolder()
    let from = try folder(scratch, ", \"scheduler\": {\(scheduler)}")
    let error = #expect(throws: EncodingError.self) { try add(scratch, from) }
    #expect(error?.code == .manifestInvalid && error?.message.contains(field) == true)
    #expect(ModelFolder(root: scratch("models")).list().isEmpty)
  }

  @Test func `weights beside a graph come along and are checked`() throws {
    let scratch = try TemporaryFolder()
    let from = try folder(scratch, weights: "unet.onnx.data")
    let missing = #expect(throws: EncodingError.self) { try add(scratch, from) }
    #expect(missing?.code == .fileDamaged && missing?.message.contains("unet.onnx.data") == true)
    try AtomicFile.write(text: "weights", to: from + "/unet.onnx.data")
    let model = try add(scratch, from)
    #expect(model.manifest.parts.suffix(2) == ["external.unet.onnx.data", "uncond"])
    try AtomicFile.write(text: "changed", to: model.folder + "/unet.onnx.data")
    #expect(throws: EncodingError.self) { try model.checkParts() }
  }

  @Test func `weights outside the folder are refused`() throws {
    for name in ["../secret", "/etc/passwd", ".hidden", "a/b"] {
      let scratch = try TemporaryFolder()
      let from = try folder(scratch, weights: name)
      let error = #expect(throws: EncodingError.self) { try add(scratch, from) }
      #expect(error?.code == .manifestInvalid)
    }
  }

  @Test func `a file that is not what the exporter wrote is refused`() throws {
    let scratch = try TemporaryFolder()
    let zeros = String(repeating: "0", count: 64)
    let from = try folder(scratch, ", \"sha256\": {\"uncond.npy\": \"\(zeros)\"}")
    let error = #expect(throws: EncodingError.self) { try add(scratch, from) }
    #expect(error?.code == .fileDamaged && error?.message.contains("uncond.npy") == true)
  }
}
