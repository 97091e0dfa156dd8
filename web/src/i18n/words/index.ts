// SPDX-License-Identifier: Apache-2.0
import { about } from './about';
import { account } from './account';
import { book } from './book';
import { claim } from './claim';
import { clock } from './clock';
import { common } from './common';
import { contract } from './contract';
import { control } from './control';
import { contractForms } from './contract-forms';
import { desk } from './desk';
import { enums } from './enums';
import { home } from './home';
import { lot } from './lot';
import { marketIndex } from './market-index';
import { paper } from './paper';
import { places } from './places';
import { prices } from './prices';
import { proof } from './proof';
import { records } from './records';
import { rulebook } from './rulebook';
import { rules } from './rules';
import { sealed } from './sealed';
import { sell } from './sell';
import { sessions } from './sessions';
import { surveillance } from './surveillance';
import { talk } from './talk';

/** Every text of the page: [中文, English, Русский]. */
export const words = {
  ...common,
  ...enums,
  ...home,
  ...lot,
  ...clock,
  ...talk,
  ...sealed,
  ...sessions,
  ...surveillance,
  ...book,
  ...control,
  ...sell,
  ...contract,
  ...contractForms,
  ...claim,
  ...account,
  ...desk,
  ...places,
  ...prices,
  ...marketIndex,
  ...paper,
  ...about,
  ...proof,
  ...records,
  ...rules,
  ...rulebook,
} as const;
