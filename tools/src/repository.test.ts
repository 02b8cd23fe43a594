import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** The folders of the workspaces, as package.json lists them: `packages/*` and `tools`. */
const workspaces = [
  ...readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `packages/${name}`)
    // A folder that only holds what git ignores is a leftover of another branch.
    .filter((folder) => existsSync(join(root, folder, 'package.json'))),
  'tools',
];

/** The files that git tracks or would, were they added; none in a copy without its history. */
const files = existsSync(join(root, '.git'))
  ? execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
    })
      .split('\0')
      // Git still lists what is deleted but not yet committed.
      .filter((file) => file !== '' && existsSync(join(root, file)) && statSync(join(root, file)).isFile())
  : [];

const readText = (file: string) => readFileSync(join(root, file), 'utf8');
const readJson = (file: string) => JSON.parse(readText(file)) as Record<string, unknown>;

/** Folders of one person's or one machine's, as absolute paths start with them. */
const privateFolder = /(?<![\w.:/~-])(\/(home|root|Users|work|workspaces)\/[\w.-]+|[A-Z]:\\Users\\)/;

/** The targets of Markdown links that lead to a file of this repository. */
const findRelativeLinks = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^[a-z]+:/i.test(target));

describe.each(workspaces)('%s', (folder) => {
  it('has a README that starts with a title', () => {
    expect(readText(`${folder}/README.md`)).toMatch(/^# \S/);
  });

  it('is a private package named after its folder', () => {
    const { name, private: isPrivate } = readJson(`${folder}/package.json`);
    expect({ name, isPrivate }).toEqual({ name: `@narrows/${basename(folder)}`, isPrivate: true });
  });

  // Without the target its tests would never run, and nothing would tell.
  it('is an Nx project with tests', () => {
    const { name, targets } = readJson(`${folder}/project.json`);
    expect(name).toBe(basename(folder));
    expect(targets).toHaveProperty('test');
  });
});

describe.skipIf(files.length === 0)('files of the repository (skipped outside of a git checkout)', () => {
  it("name no folder of somebody's machine", () => {
    const found = files
      .map((file) => ({ file, content: readFileSync(join(root, file)) }))
      .filter(({ content }) => !content.includes(0))
      .flatMap(({ file, content }) => {
        const match = privateFolder.exec(content.toString());
        return match ? [`${file}: ${match[0]}`] : [];
      });
    expect(found).toEqual([]);
  });

  it('are named in kebab-case after what they hold', () => {
    const sources = files.filter((file) => /^(packages|tools)\/.*\.tsx?$/.test(file));
    const misnamed = sources.filter(
      (file) =>
        !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*\.tsx?$/.test(basename(file)) ||
        /^(utils?|helpers?|common|misc)\./.test(basename(file)),
    );
    expect(sources.length).toBeGreaterThan(0);
    expect(misnamed).toEqual([]);
  });

  it('have no dead links in Markdown', () => {
    const dead = files
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) =>
        findRelativeLinks(readText(file))
          .filter((link) => !existsSync(join(root, dirname(file), decodeURI(link))))
          .map((link) => `${file}: ${link}`),
      );
    expect(dead).toEqual([]);
  });
});

describe('privateFolder', () => {
  const slash = '/';
  it.each([
    `cd ${slash}home/ada/narrows`,
    `"${slash}root/.cache"`,
    `(${slash}Users/ada/x)`,
    'C:\\Users' + '\\ada',
    `in ${slash}work/x.`,
  ])('finds %s', (text) => {
    expect(text).toMatch(privateFolder);
  });

  it.each(['https://example.org/home/page', './work/x', 'packages/root/x', '~/work/x', 'a / root / b'])(
    'passes %s',
    (text) => {
      expect(text).not.toMatch(privateFolder);
    },
  );
});

describe('findRelativeLinks', () => {
  it('finds links to files, without their anchors', () => {
    const markdown = 'See [a](docs/a.md), [b](../b.ts#L3), [c](https://c.example), [d](#here), ![e](e.png).';
    expect(findRelativeLinks(markdown)).toEqual(['docs/a.md', '../b.ts', 'e.png']);
  });
});
