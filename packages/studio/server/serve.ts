/** Serves the built site on this machine. */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, sep } from "node:path";
import { POLICY } from "./policy.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
};

const HEADERS = {
  "Content-Security-Policy": POLICY,
  // Shared memory, and with it threads, needs both.
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

export interface Served {
  readonly server: Server;
  /** Where it is, such as http://127.0.0.1:8080/. */
  readonly address: string;
}

/**
 * Serves the files of a folder, and nothing else, on 127.0.0.1.
 *
 * @param port 0 for any that is free
 * @param below the path of the site, which starts and ends with "/"
 * @throws Error if the port is taken
 */
export async function serve(folder: string, port = 0, below = "/"): Promise<Served> {
  const server = createServer((request, response) => {
    void answer(folder, below, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}${below}` };
}

async function answer(
  folder: string,
  below: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refuse = (status: number): void => {
    response.writeHead(status, { ...HEADERS, "Content-Type": "text/plain" }).end(`${status}\n`);
  };
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(405);
  const file = fileOf(request.url ?? "/", below);
  if (file === undefined) return refuse(404);
  try {
    const content = await readFile(join(folder, file));
    response.writeHead(200, {
      ...HEADERS,
      "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
      "Content-Length": content.length,
      // Files in assets/ are named by their content.
      "Cache-Control": file.startsWith(`assets${sep}`) ? "max-age=31536000, immutable" : "no-cache",
    });
    response.end(request.method === "HEAD" ? undefined : content);
  } catch {
    refuse(404);
  }
}

/** The file that a request names, relative to the folder; undefined for what is not a plain path below it. */
export function fileOf(url: string, below = "/"): string | undefined {
  const path = url.replace(/[?#].*$/s, "");
  if (!path.startsWith(below)) return undefined;
  const parts = path.slice(below.length).split("/");
  if (parts.at(-1) === "") parts[parts.length - 1] = "index.html";
  // The names that a build gives; neither "..", nor "%", nor a backslash, nor a hidden file is among them.
  return parts.every((part) => /^[\w-][\w.-]*$/.test(part)) ? join(...parts) : undefined;
}
