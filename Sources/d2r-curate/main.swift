import Commands
import Execution
import Glibc
import LinearAlgebra

if let core = BLASCore.better { Restart.once(with: BLASCore.variable, set: core) }
exit(await CommandLineTool.main(Array(CommandLine.arguments.dropFirst())))
