import Commands
import Glibc

exit(await CommandLineTool.main(Array(CommandLine.arguments.dropFirst())))
