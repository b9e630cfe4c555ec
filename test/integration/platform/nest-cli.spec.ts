import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { root } from '../../../src/platform/root.js';

/** Into a folder of its own below the project, where its imports find their packages: others run what lies in `dist`. */
it('the command line of Nest builds what there is', async () => {
  const folder = mkdtempSync(join(root, 'node_modules', '.cache-nest-'));
  try {
    const settings = join(folder, 'tsconfig.json');
    writeFileSync(
      settings,
      JSON.stringify({
        extends: join(root, 'tsconfig.build.json'),
        compilerOptions: { rootDir: root, outDir: join(folder, 'dist') },
        include: ['src', 'sdk', 'bench', 'demo', 'config'].map((name) => join(root, name)),
        exclude: [join(root, 'node_modules'), join(root, '**/*.spec.ts')],
      }),
    );
    await promisify(execFile)(
      process.execPath,
      [join(root, 'node_modules/.bin/nest'), 'build', '--path', relative(root, settings)],
      {
        cwd: root,
      },
    );
    expect(existsSync(join(folder, 'dist', 'src', 'main.js'))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 120_000);
