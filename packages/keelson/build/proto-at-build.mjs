import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** `loadSync` of @grpc/proto-loader, called with a file of the package it is called in. */
const call = /\.loadSync\)\(`\$\{__dirname\}\/([^`]+)`,/;

/** etcd3 finds and parses its .proto files whenever it is loaded: in a bundle they are parsed when that is made. */
export const protoAtBuild = {
  name: 'proto-at-build',
  setup(build) {
    build.onLoad({ filter: /\/etcd3\/lib\/connection-pool\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const file = call.exec(source)?.[1];
      if (file === undefined) throw new Error(`${path} does not read its .proto file as it did`);
      const { Root } = createRequire(path)('protobufjs');
      const definitions = new Root().loadSync(join(dirname(path), file), { keepCase: true }).toJSON();
      return { contents: source.replace(call, () => `.fromJSON)(${JSON.stringify(definitions)},`), resolveDir: dirname(path) };
    });
  },
};
