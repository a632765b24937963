import * as React from 'react';
import { PageHeading } from '../app/PageHeading.tsx';

export interface FaceTitleProps {
  readonly title: string;
  /** The face stands for the whole page: its title is the page's. */
  readonly isWholePage?: boolean;
}

export const FaceTitle: React.FunctionComponent<FaceTitleProps> = ({ title, isWholePage = false }) =>
  isWholePage ? <PageHeading title={title} /> : <h2>{title}</h2>;
