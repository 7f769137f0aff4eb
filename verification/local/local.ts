import { LocalAssembly } from './assembly';
import { publish } from './assets';
import { LocalService } from './service';
import { usage } from './usage';

// its advice on versions of Node.js is not for those who read what comes of this
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** Serves an assembly until somebody ends it. */
export async function serve(assembly: LocalAssembly): Promise<void> {
  const say = (sentence: string) => console.log(`  ${sentence}`);
  const ended = new Promise<void>((resolve) => ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => process.once(signal, () => resolve())));

  console.log('\n▶ Start the service');
  const service = await LocalService.start(assembly, { say });
  try {
    console.log('\n▶ Make what the templates name, and upload the assets');
    await publish(assembly, service.moto.endpoint, say);
    console.log(`\nThe local service is ready at ${service.endpoint}. Ctrl-C ends it, and what it keeps is gone then.\n`);
    console.log(usage(assembly, service.endpoint));
    // a promise alone keeps no process alive
    const alive = setInterval(() => undefined, 2 ** 30);
    await ended;
    clearInterval(alive);
    console.log('\n▶ End the service, with all job runs');
  } finally {
    await service.close();
  }
}
