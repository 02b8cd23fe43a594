import { availableParallelism } from 'node:os';
import { doctorHelp, parseDoctorOptions } from './doctor-options.ts';
import { canTrain, doctorReport } from './doctor-report.ts';
import { examineCuda, onnxruntimeFolder } from './examine-cuda.ts';
import { examineEngines } from './examine-engines.ts';
import { examineMachine, writtenFolders } from './examine-machine.ts';
import { examineVulkan, vulkanDriverFolders } from './examine-vulkan.ts';
import type { Finding, Section } from './finding.ts';
import { examineLoader, loaderPath } from './loader-path.ts';

/**
 * The command `doctor`: says what this machine can run, what is missing and what to do. It loads no engine itself, and an
 * examination that fails is a finding: what is broken must not keep it from telling about the rest.
 *
 * @param argv the arguments after `doctor`.
 * @param host the process that it writes to, and whose environment is examined.
 * @returns the exit code: 0 when at least one engine works, else 1.
 * @throws ExpectedError with exit code 2 for a command line that asks for the impossible.
 */
export async function runDoctorCommand(argv: readonly string[], host: NodeJS.Process): Promise<number> {
  const request = parseDoctorOptions(argv, { availableThreads: availableParallelism() });
  if (request.kind === 'help') {
    host.stdout.write(doctorHelp());
    return 0;
  }
  const { platform, arch, env } = host;
  const loader = loaderPath(env['LD_LIBRARY_PATH'], { arch });
  const findings = [
    ...(await examined('Machine', () => [
      ...examineMachine({ nodeVersion: host.version, platform, arch, folders: writtenFolders(host.cwd()) }),
      ...(platform === 'linux' ? examineLoader(loader) : []),
    ])),
    ...(await examined('Engines', () => examineEngines(request.threads))),
    ...(await examined('For NVIDIA GPUs', () =>
      examineCuda({
        platform,
        arch,
        loader,
        driverFile: '/proc/driver/nvidia/version',
        bindingFolder: onnxruntimeFolder(platform, arch),
      }),
    )),
    ...(await examined('For WebGPU', () =>
      examineVulkan({ platform, loader, env, driverFolders: vulkanDriverFolders(env) }),
    )),
  ];
  host.stdout.write(
    request.json
      ? `${JSON.stringify({ format: 1, canTrain: canTrain(findings), findings }, null, 2)}\n`
      : doctorReport(findings),
  );
  return canTrain(findings) ? 0 : 1;
}

/** What an examination finds, or that it failed. */
async function examined(section: Section, examine: () => Finding[] | Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await examine();
  } catch (error) {
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
    return [
      {
        section,
        name: 'examination',
        status: 'broken',
        text: `it failed (${line})`,
        remedy: 'Mend what it names, if it is of this machine; else please report it.',
      },
    ];
  }
}
