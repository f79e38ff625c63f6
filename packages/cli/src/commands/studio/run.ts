/** What `chainrule studio` does. */
import { once } from "node:events";
import { Failure } from "../../failure.ts";
import { onInterrupt } from "../../interrupt.ts";

export interface StudioFlags {
  readonly port: number;
}

type Server = typeof import("@chainrule/studio/server");

export async function run({ port }: StudioFlags): Promise<void> {
  const { serve, findSite } = await openPackage();
  const site = await findSite(() => {
    process.stderr.write("Building the studio ...\n");
  });
  if (site === undefined) throw new Failure(`the studio's pages are not there. ${AGAIN}`);
  const { signal, stop } = onInterrupt(() => {});
  // Another program may have the port, and then any other serves as well.
  const { server, address } = await serve(site, port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    process.stderr.write(`Port ${port} is taken; another one is used.\n`);
    return serve(site);
  });
  process.stdout.write(`The studio is at ${address}\nStop it with Ctrl-C.\n`);
  if (!signal.aborted) await once(signal, "abort");
  stop();
  server.close();
  server.closeAllConnections();
}

const AGAIN = "Install it again: npm install @chainrule/studio";

async function openPackage(): Promise<Server> {
  try {
    return await import("@chainrule/studio/server");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new Failure(`the package @chainrule/studio is not there. ${AGAIN}`);
  }
}
