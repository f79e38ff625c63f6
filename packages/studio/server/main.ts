/** `npm run studio`, after the build: serves the site until it is stopped. Arguments: [--port PORT] */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { serve } from "./serve.ts";

const { values } = parseArgs({ options: { port: { type: "string", default: "8642" } } });
const port = Number(values.port);
if (!/^\d{1,5}$/.test(values.port) || port > 65_535) {
  process.stderr.write(`The port must be a number from 0 to 65535; it is ${JSON.stringify(values.port)}.\n`);
  process.exit(2);
}

const folder = fileURLToPath(new URL("../dist/", import.meta.url));
// Another program may have the usual port; then any other serves as well.
const { server, address } = await serve(folder, port).catch((error: NodeJS.ErrnoException) => {
  if (error.code === "EADDRINUSE") return serve(folder);
  throw error;
});
process.stdout.write(`The studio is at ${address}\nStop it with Ctrl+C.\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
